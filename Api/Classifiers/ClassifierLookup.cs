using TicketAspire.Contracts;
using TicketAspire.ServiceDefaults.Errors;
using TicketAspire.Storage;

namespace TicketAspire.Api.Classifiers;

/// <summary>Finds the classifier that an address names.</summary>
internal static class ClassifierLookup
{
    /// <exception cref="RequestException">404: there is none, with the names that there are.</exception>
    public static async Task<ClassifierInfo> GetAsync(this IClassifierStore classifiers, string name, CancellationToken cancellation)
    {
        if (await classifiers.FindAsync(name, cancellation) is { } classifier)
        {
            return classifier;
        }

        var known = (await classifiers.ListAsync(cancellation)).Select(one => one.Name);
        throw RequestException.NotFound($"There is no classifier '{name}'. Known: {string.Join(", ", known)}");
    }
}
