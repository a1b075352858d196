namespace ModelPlatform.Inference.Classification;

/// <param name="Label">The class's line in the labels, or its index where the model has none.</param>
/// <param name="Probability">0 to 1 after a softmax; else what the model gave.</param>
internal readonly record struct Prediction(string Label, int Index, float Probability);
