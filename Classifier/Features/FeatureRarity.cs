namespace TicketAspire.Classifier.Features;

/// <summary>
/// Inverse document frequency (Spärck Jones, Journal of Documentation 28, 1972) as the step size of a feature: what occurs
/// in few texts learns faster, what occurs in all learns nothing. It multiplies values after they have been brought to unit
/// length, so that it folds into the learned weights and costs a prediction nothing.
/// </summary>
internal static class FeatureRarity
{
    /// <summary>
    /// For each column its factor; on average about 1. Words are not weighted: measured, it does not help them (README.md).
    /// </summary>
    public static float[] Of(FeatureView view, int features, int[][] columns)
    {
        var rarity = new float[features];
        if (view == FeatureView.Words)
        {
            Array.Fill(rarity, 1);
            return rarity;
        }

        var texts = new int[features];
        foreach (var column in columns.SelectMany(text => text))
        {
            texts[column]++;
        }

        // A typical n-gram is in about the square root of the texts.
        var typical = Math.Log(columns.Length) / 2;
        for (var column = 0; column < features; column++)
        {
            rarity[column] = (float)(Math.Log((double)columns.Length / texts[column]) / typical);
        }

        return rarity;
    }
}
