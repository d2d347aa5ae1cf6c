using TicketAspire.Contracts;

namespace TicketAspire.Web;

/// <content>How the system does.</content>
internal sealed partial class ApiClient
{
    public Task<OperationsReport> GetOperationsAsync(string classifier, string range, CancellationToken cancellation) =>
        GetAsync($"operations?classifier={Escape(classifier)}&range={Escape(range)}", Json.OperationsReport, cancellation);
}
