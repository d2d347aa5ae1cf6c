using System.Diagnostics;

namespace TicketAspire.Tests.Support.Redis;

/// <summary>
/// Kills the child processes that are left when the process of the tests ends, in whatever way: a shell that waits for the end
/// of its input. AppDomain.ProcessExit does not come after SIGTERM (since .NET 10) or SIGKILL, and PR_SET_PDEATHSIG kills
/// when the thread ends that started the child.
/// </summary>
internal static class Watchdog
{
    // Each line names all children there are. Ctrl+C reaches the shell, too, but is not meant for it.
    private const string Script =
        "trap '' INT TERM HUP; while read -r line; do children=$line; done; [ -z \"$children\" ] || kill -9 $children";

    private static readonly Lock Gate = new();
    private static readonly HashSet<int> Children = [];
    private static readonly Lazy<StreamWriter> Shell = new(Start);

    public static void Add(int process)
    {
        lock (Gate)
        {
            Children.Add(process);
            Tell();
        }
    }

    public static void Remove(int process)
    {
        lock (Gate)
        {
            if (Children.Remove(process))
            {
                Tell();
            }
        }
    }

    private static void Tell() => Shell.Value.Write(string.Join(' ', Children) + "\n");

    private static StreamWriter Start()
    {
        var start = new ProcessStartInfo("/bin/sh") { RedirectStandardInput = true, UseShellExecute = false };
        start.ArgumentList.Add("-c");
        start.ArgumentList.Add(Script);
        var input = Process.Start(start)!.StandardInput;
        input.AutoFlush = true;
        return input;
    }
}
