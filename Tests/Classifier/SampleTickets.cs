using TicketAspire.Classifier;

namespace TicketAspire.Tests.Classifier;

/// <summary>A few tickets of our own, in four categories, as people write them.</summary>
internal static class SampleTickets
{
    public const string Access = "Access";
    public const string Hardware = "Hardware";
    public const string Network = "Network";
    public const string Purchase = "Purchase";

    /// <summary>All of them, category by category.</summary>
    public static IReadOnlyList<LabelledText> All { get; } =
    [
        .. Of(
            Access,
            "I forgot my password and my account is locked.",
            "Please reset the password of my account, I can't log in.",
            "My login is refused since I changed my password yesterday.",
            "New colleague starts Monday, she needs an account and a login.",
            "I have no permission to open the finance folder, please grant access.",
            "Grant me access to the project repository, please.",
            "The account of a former employee must be disabled today.",
            "Two-factor login asks for a code, but I have a new phone.",
            "My permissions on the shared folder were removed by mistake.",
            "Please unlock my user account, I typed the wrong password."),
        .. Of(
            Hardware,
            "The printer on the third floor jams on every page.",
            "My laptop does not start any more, the screen stays black.",
            "The keyboard of my laptop has a broken key.",
            "The monitor flickers and then the screen goes dark.",
            "Printer prints stripes, the toner may be empty.",
            "My mouse has stopped working, and so has the keyboard.",
            "The battery of the laptop is swollen, it gets very hot.",
            "The docking station does not recognise my second monitor.",
            "A loud noise comes from the fan of my computer.",
            "The scanner tray is broken and the printer beeps."),
        .. Of(
            Network,
            "The VPN drops the connection every ten minutes.",
            "No internet in meeting room 12, the wifi is not visible.",
            "The network is very slow this morning in the whole building.",
            "I cannot connect to the VPN from home.",
            "Wifi on the second floor loses its connection all the time.",
            "The network socket at my desk seems dead, no connection.",
            "The intranet is unreachable over VPN, timeouts everywhere.",
            "Video calls stutter because the wifi is too slow.",
            "The firewall blocks our connection to the test server.",
            "DNS does not resolve internal names when I am on the VPN."),
        .. Of(
            Purchase,
            "Please order a new headset for our team.",
            "We need a quote for twenty licences of the drawing program.",
            "The invoice of our supplier has a wrong amount.",
            "I would like to buy a second monitor, who approves the order?",
            "Purchase order 4711 has not been delivered yet.",
            "Please renew the licence of our design software, it expires in May.",
            "Where can I see the status of my order?",
            "The supplier asks for the cost centre of the purchase.",
            "Please send the signed invoice to the supplier.",
            "Our department wants to buy three tablets, please send a quote."),
    ];

    /// <summary>Tickets that are not among <see cref="All"/>, one for each category.</summary>
    public static IReadOnlyList<LabelledText> Unseen { get; } =
    [
        new("password wrong, account locked, can't log in", Access),
        new("the printer is jammed and my laptop screen is black", Hardware),
        new("vpn connection drops, wifi slow", Network),
        new("the supplier sent an invoice for our order", Purchase),
    ];

    private static LabelledText[] Of(string category, params string[] texts) =>
        [.. texts.Select(text => new LabelledText(text, category))];
}
