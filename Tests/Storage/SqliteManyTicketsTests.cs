using Shouldly;
using TicketAspire.Contracts;
using TicketAspire.Storage;
using TicketAspire.Tests.Support;
using Xunit;

namespace TicketAspire.Tests.Storage;

/// <summary>Searches among more tickets than words are looked for first, which came in another order than they are listed in.</summary>
public sealed class SqliteManyTicketsTests : IAsyncDisposable
{
    private const int Count = 12_000;
    private const int Rare = 3_000;
    private const int Page = 100;

    private readonly StoresLogSite _site = new(new SqliteSite());

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public ValueTask DisposeAsync() => _site.DisposeAsync();

    [Fact]
    public async Task Words_of_many_tickets_and_of_few_are_found_on_all_pages_wherever_they_are()
    {
        var tickets = Tickets();
        // By the order in which they came, newest and oldest are mixed, and some are of one moment.
        await _site.AddAsync([.. tickets.OrderBy(ticket => ticket.Text, StringComparer.Ordinal)], Cancellation);

        await FoundAsync(new TicketLogQuery { Search = "common" }, ticket => true);
        await FoundAsync(new TicketLogQuery { Search = "rare" }, ticket => Has(ticket, "rare"));
        await FoundAsync(new TicketLogQuery { Search = "rare common" }, ticket => Has(ticket, "rare"));
        await FoundAsync(new TicketLogQuery { Search = "common third ra" }, ticket => Has(ticket, "rare") && Has(ticket, "third"));
        await FoundAsync(new TicketLogQuery { Search = "oldest" }, ticket => Has(ticket, "oldest"));
        await FoundAsync(new TicketLogQuery { Search = "common oldest", Classifier = "tickets" }, ticket => Has(ticket, "oldest") && ticket.Classifier == "tickets");
        await FoundAsync(new TicketLogQuery { Search = "third", Model = 2 }, ticket => Has(ticket, "third") && ticket.Model == 2);
        await FoundAsync(new TicketLogQuery { Search = "third", Classifier = "intents", Route = Routes.Auto }, ticket =>
            Has(ticket, "third") && ticket.Classifier == "intents" && ticket.Route == Routes.Auto);
        await FoundAsync(new TicketLogQuery { Search = "nowhere" }, _ => false);

        async Task FoundAsync(TicketLogQuery query, Func<Ticket, bool> fits)
        {
            var found = new List<string>();
            string? next = null;
            do
            {
                var page = await _site.Log.SearchAsync(query with { Limit = Page, Before = next }, Cancellation);
                found.AddRange(page.Items.Select(ticket => ticket.Id));
                next = page.Next;
            }
            while (next is not null);

            found.ShouldBe(
                tickets.Where(fits).OrderByDescending(ticket => ticket.At).ThenByDescending(ticket => ticket.Id, StringComparer.Ordinal).Select(ticket => ticket.Id),
                query.ToString());
        }
    }

    private static bool Has(Ticket ticket, string word) => ticket.Text.Contains(word, StringComparison.Ordinal);

    private static List<Ticket> Tickets()
    {
        var (time, random) = (new ManualTime(), new Random(1));
        var tickets = new List<Ticket>();
        for (var i = 0; i < Count; i++)
        {
            var text = $"{random.Next(Count):D5} common{(i % 3 == 0 ? " third" : "")}{(i % Rare == 1 ? " rare" : "")}{(i < 5 ? " oldest" : "")}";
            var next = StoredTickets.Next(time, text, i % 7 == 0 ? "intents" : "tickets") with
            {
                Model = 1 + (i % 4), Route = i % 2 == 0 ? Routes.Auto : Routes.Review,
            };
            tickets.Add(i % 5 == 4 ? next with { At = tickets[^1].At } : next);
        }

        return tickets;
    }
}
