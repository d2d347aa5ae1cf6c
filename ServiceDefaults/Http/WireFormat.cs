using System.Text.Encodings.Web;
using System.Text.Json.Serialization;
using Microsoft.Extensions.DependencyInjection;
using TicketAspire.Contracts;

namespace TicketAspire.ServiceDefaults.Http;

/// <summary>The form of JSON on the wire, for everything that routes return.</summary>
public static class WireFormat
{
    /// <summary>Makes routes write as <see cref="ContractsJson"/> says: a context in a chain brings its types, not its options.</summary>
    public static IServiceCollection AddWireFormat(this IServiceCollection services) =>
        services.ConfigureHttpJsonOptions(json =>
        {
            var options = json.SerializerOptions;
            var contracts = ContractsJson.Default.Options;
            options.TypeInfoResolverChain.Insert(0, ContractsJson.Default);
            options.PropertyNamingPolicy = contracts.PropertyNamingPolicy;
            options.NumberHandling = JsonNumberHandling.Strict;
            // Answers are JSON, not HTML: a quote may be a quote.
            options.Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping;
            options.DefaultIgnoreCondition = contracts.DefaultIgnoreCondition;
            foreach (var converter in contracts.Converters)
            {
                options.Converters.Add(converter);
            }
        });
}
