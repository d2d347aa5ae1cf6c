using System.Globalization;
using System.Net;
using TicketAspire.Contracts;

namespace TicketAspire.Web;

/// <content>A classifier's models: in service, in the shadow, side by side; and the runs that make them.</content>
internal sealed partial class ApiClient
{
    public Task<IReadOnlyList<ModelInfo>> GetModelsAsync(string classifier, CancellationToken cancellation) =>
        GetAsync($"classifiers/{Escape(classifier)}/models", Json.IReadOnlyListModelInfo, cancellation);

    public Task PromoteAsync(string classifier, int version, CancellationToken cancellation) =>
        SendAsync(HttpMethod.Post, Version(classifier, version) + "/promote", content: null, cancellation);

    /// <summary>Puts the version in service that served before the present one.</summary>
    public Task RollBackAsync(string classifier, CancellationToken cancellation) =>
        SendAsync(HttpMethod.Post, $"classifiers/{Escape(classifier)}/rollback", content: null, cancellation);

    /// <summary>Removes a version for good; refused for the one in service and the one in the shadow.</summary>
    public Task DeleteModelAsync(string classifier, int version, CancellationToken cancellation) =>
        SendAsync(HttpMethod.Delete, Version(classifier, version), content: null, cancellation);

    public Task<ModelComparison> CompareAsync(
        string classifier, int first, int second, CancellationToken cancellation) =>
        GetAsync(
            string.Create(CultureInfo.InvariantCulture, $"{Version(classifier, first)}/compare/{second}"),
            Json.ModelComparison,
            cancellation);

    public Task SetChallengerAsync(string classifier, int version, CancellationToken cancellation) =>
        SendAsync(
            HttpMethod.Put,
            $"classifiers/{Escape(classifier)}/challenger",
            JsonContent.Create(new ChallengerRequest(version), Json.ChallengerRequest),
            cancellation);

    public Task RemoveChallengerAsync(string classifier, CancellationToken cancellation) =>
        SendAsync(HttpMethod.Delete, $"classifiers/{Escape(classifier)}/challenger", content: null, cancellation);

    /// <summary>How the challenger does; null when there is none, or nobody can tell at the moment.</summary>
    public async Task<ShadowReport?> FindShadowAsync(string classifier, CancellationToken cancellation)
    {
        try
        {
            return await GetAsync($"classifiers/{Escape(classifier)}/challenger", Json.ShadowReport, cancellation);
        }
        catch (ApiException exception) when (exception.Status is HttpStatusCode.NotFound or HttpStatusCode.ServiceUnavailable)
        {
            return null;
        }
    }

    public Task<IReadOnlyList<RetrainingRun>> GetRunsAsync(
        string classifier, int limit, CancellationToken cancellation) =>
        GetAsync(
            string.Create(CultureInfo.InvariantCulture, $"classifiers/{Escape(classifier)}/runs?limit={limit}"),
            Json.IReadOnlyListRetrainingRun,
            cancellation);

    public Task RetrainAsync(string classifier, CancellationToken cancellation) =>
        SendAsync(HttpMethod.Post, $"classifiers/{Escape(classifier)}/retrain", content: null, cancellation);

    /// <summary>Ends a run; one that has ended already stays as it is.</summary>
    public Task CancelRunAsync(string classifier, long run, CancellationToken cancellation) =>
        SendAsync(
            HttpMethod.Post,
            string.Create(CultureInfo.InvariantCulture, $"classifiers/{Escape(classifier)}/runs/{run}/cancel"),
            content: null,
            cancellation);

    private static string Version(string classifier, int version) =>
        string.Create(CultureInfo.InvariantCulture, $"classifiers/{Escape(classifier)}/models/{version}");
}
