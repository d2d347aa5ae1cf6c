using System.Net;
using TicketAspire.Contracts;

namespace TicketAspire.Web;

/// <summary>Which classifier a page is about.</summary>
internal static class ClassifierChoice
{
    /// <summary>The named one, or the default when no name is given; null when there is none at all.</summary>
    /// <exception cref="ApiException">404: there are classifiers, but none of this name.</exception>
    public static ClassifierSummary? Choose(this IReadOnlyList<ClassifierSummary> classifiers, string? name)
    {
        if (classifiers.Count == 0)
        {
            return null;
        }

        return string.IsNullOrEmpty(name)
            ? classifiers.FirstOrDefault(classifier => classifier.Default) ?? classifiers[0]
            : classifiers.FirstOrDefault(classifier => classifier.Name == name)
                ?? throw new ApiException(HttpStatusCode.NotFound, $"There is no classifier named “{name}”.");
    }
}
