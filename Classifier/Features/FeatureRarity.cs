namespace TicketAspire.Classifier.Features;

/// <summary>
/// Inverse document frequency (Spärck Jones, Journal of Documentation 28, 1972) as the step size of a feature: what occurs
/// in few texts learns faster, what occurs in all learns nothing. It multiplies values after they have been brought to unit
/// length, so that it folds into the learned weights and costs a prediction nothing.
/// </summary>
internal static class FeatureRarity
{
    /// <summary>For each column its factor; on average about 1.</summary>
    /// <param name="occurring">For each column in how many texts it occurs.</param>
    /// <param name="texts">How many texts there are.</param>
    public static float[] Of(int[] occurring, int texts)
    {
        var rarity = new float[occurring.Length];
        // A typical n-gram is in about the square root of the texts.
        var typical = Math.Log(texts) / 2;
        for (var column = 0; column < occurring.Length; column++)
        {
            rarity[column] = (float)(Math.Log((double)texts / occurring[column]) / typical);
        }

        return rarity;
    }
}
