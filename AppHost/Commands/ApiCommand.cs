using System.Globalization;
using System.Net.Http.Json;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization.Metadata;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Logging;

namespace TicketAspire.AppHost.Commands;

/// <summary>A command of the dashboard (and of <c>aspire resource</c>) that calls the Api.</summary>
internal sealed class ApiCommand(ExecuteCommandContext context, HttpClient http)
{
    /// <summary>Ends the command: somebody has pressed Cancel.</summary>
    public CancellationToken Cancellation => context.CancellationToken;

    /// <summary>The resource's log.</summary>
    public ILogger Log => context.Logger;

    /// <summary>The classifier that the command is about, fit for an address.</summary>
    public string Classifier => Uri.EscapeDataString(Text(CommandInputs.Classifier.Name));

    /// <summary>What was entered, without blanks around it.</summary>
    public string Text(string input) => context.Arguments[input].Value?.Trim() ?? string.Empty;

    /// <summary>A number from 1 on that was entered.</summary>
    /// <exception cref="ApiCommandException">It is none.</exception>
    public int Number(string input) => int.TryParse(Text(input), NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number > 0
        ? number
        : throw new ApiCommandException($"'{Text(input)}' is no number from 1 on.");

    /// <summary>Asks.</summary>
    public Task<T> GetAsync<T>(string path, JsonTypeInfo<T> type) => SendAsync(HttpMethod.Get, path, null, type);

    /// <summary>Asks for something to be done.</summary>
    public Task<T> PostAsync<T>(string path, HttpContent? content, JsonTypeInfo<T> type) => SendAsync(HttpMethod.Post, path, content, type);

    /// <summary>Adds a command to a resource; it can be given while the resource is healthy.</summary>
    /// <param name="resource">Where it is shown.</param>
    /// <param name="api">The Api's address.</param>
    /// <param name="name">Its name for <c>aspire resource</c>.</param>
    /// <param name="title">Its name on the dashboard.</param>
    /// <param name="options">Description, icon and what is to be entered.</param>
    /// <param name="run">What it does; returns what came of it, in a sentence.</param>
    public static void Add(
        IResourceBuilder<ProjectResource> resource, EndpointReference api, string name, string title, CommandOptions options,
        Func<ApiCommand, Task<string>> run)
    {
        options.UpdateState = state => state.ResourceSnapshot.HealthStatus is HealthStatus.Healthy
            ? ResourceCommandState.Enabled
            : ResourceCommandState.Disabled;
        resource.WithCommand(name, title, context => ExecuteAsync(context, api, run), options);
    }

    private static async Task<ExecuteCommandResult> ExecuteAsync(
        ExecuteCommandContext context, EndpointReference api, Func<ApiCommand, Task<string>> run)
    {
        try
        {
            using var http = new HttpClient
            {
                BaseAddress = new Uri(await api.GetValueAsync(context.CancellationToken) ?? throw new ApiCommandException("The Api has no address.")),
                // An import takes minutes; Cancel ends it.
                Timeout = Timeout.InfiniteTimeSpan,
            };
            return CommandResults.Success(await run(new ApiCommand(context, http)));
        }
        catch (OperationCanceledException) when (context.CancellationToken.IsCancellationRequested)
        {
            return CommandResults.Canceled();
        }
        catch (JsonException)
        {
            return CommandResults.Failure("The Api's answer is not what was asked for.");
        }
        catch (Exception exception) when (exception is ApiCommandException or HttpRequestException or IOException or UnauthorizedAccessException or ArgumentException)
        {
            return CommandResults.Failure(exception.Message);
        }
    }

    private async Task<T> SendAsync<T>(HttpMethod method, string path, HttpContent? content, JsonTypeInfo<T> type)
    {
        using var request = new HttpRequestMessage(method, path) { Content = content };
        using var response = await http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, Cancellation);
        return response.IsSuccessStatusCode
            ? await response.Content.ReadFromJsonAsync(type, Cancellation) ?? throw new ApiCommandException("The Api answered nothing.")
            : throw new ApiCommandException(await ReasonAsync(response));
    }

    // Errors are {"error": "…"}, unless a proxy answered.
    private async Task<string> ReasonAsync(HttpResponseMessage response)
    {
        try
        {
            var body = await response.Content.ReadFromJsonAsync<JsonNode>(Cancellation);
            return body?["error"]?.GetValue<string>() ?? $"The Api answered {(int)response.StatusCode}.";
        }
        catch (Exception exception) when (exception is JsonException or InvalidOperationException or NotSupportedException)
        {
            return $"The Api answered {(int)response.StatusCode}.";
        }
    }
}

/// <summary>Why a command could not be carried out, for the person who gave it.</summary>
internal sealed class ApiCommandException(string message) : Exception(message);
