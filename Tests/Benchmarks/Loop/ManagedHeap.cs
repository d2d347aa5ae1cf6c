using System.Diagnostics.Tracing;
using Microsoft.Diagnostics.NETCore.Client;
using Microsoft.Diagnostics.Tracing;
using Microsoft.Diagnostics.Tracing.Parsers;

namespace TicketAspire.Benchmarks.Loop;

/// <summary>
/// What another process holds on its managed heap. Its runtime's diagnostics port is asked for a full collection, as
/// dotnet-gcdump does, and tells each object that is left: unlike resident memory, nothing that the collector has only not
/// got to yet, and no gaps between objects.
/// </summary>
internal static class ManagedHeap
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(20);

    /// <summary>Bytes of the objects that are left after two full collections: what the first finalises, the second frees.</summary>
    public static async Task<long> CollectAsync(HostProcess host, CancellationToken cancellation)
    {
        await CollectOnceAsync(host, cancellation);
        return await CollectOnceAsync(host, cancellation);
    }

    private static async Task<long> CollectOnceAsync(HostProcess host, CancellationToken cancellation)
    {
        const ClrTraceEventParser.Keywords Wanted =
            ClrTraceEventParser.Keywords.GC | ClrTraceEventParser.Keywords.GCHeapCollect | ClrTraceEventParser.Keywords.GCHeapDump;
        var runtime = new EventPipeProvider(ClrTraceEventParser.ProviderName, EventLevel.Informational, (long)Wanted);
        var client = new DiagnosticsClient(host.Id);
        using var session = await client.StartEventPipeSessionAsync([runtime], requestRundown: false, token: cancellation);
        using var source = new EventPipeEventSource(session.EventStream);
        var ended = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var bytes = 0L;
        source.Clr.GCBulkNode += nodes =>
        {
            for (var i = 0; i < nodes.Count; i++)
            {
                bytes += (long)nodes.Values(i).Size;
            }
        };
        source.Clr.GCStop += collection =>
        {
            if (collection.Depth == GC.MaxGeneration)
            {
                ended.TrySetResult();
            }
        };
        var reading = Task.Run(source.Process, cancellation);
        // The runtime collects, and walks over what is left, when the session begins.
        await ended.Task.WaitAsync(Limit, cancellation);
        await session.StopAsync(cancellation);
        await reading;
        return bytes;
    }
}
