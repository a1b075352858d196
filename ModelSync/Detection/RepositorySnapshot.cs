using ModelPlatform.Repository.Naming;
using ModelPlatform.Repository.Serving;

namespace ModelPlatform.Sync.Detection;

/// <summary>What the repository offers, as far as it is complete and valid; what is not is among the problems.</summary>
internal sealed record RepositorySnapshot(IReadOnlyDictionary<ModelName, ModelSnapshot> Models, IReadOnlyList<BlobProblem> Problems)
{
    public static RepositorySnapshot Of(RepositoryTree tree, Func<ListedBlob, Reading<IdentifiedManifest>> manifests, Func<ListedBlob, Reading<ServingPolicy>> policies)
    {
        var problems = new List<BlobProblem>(tree.Foreign);
        var models = new SortedDictionary<ModelName, ModelSnapshot>();
        foreach (var (name, model) in tree.Models)
        {
            var policy = model.Serving is { } serving ? Take(serving, policies(serving), problems) : ServingPolicy.Default;
            var committed = Committed(name, model, manifests, problems).ToList();
            if (committed.Count > 0 && policy?.Versions.From(committed.Select(version => version.Desired.Version)).Count == 0)
                problems.Add(new BlobProblem(model.Serving!, "None of the versions that it asks for is complete."));
            models.Add(name, new ModelSnapshot(policy, committed));
        }
        return new RepositorySnapshot(models, problems);
    }

    private static IEnumerable<CommittedVersion> Committed(
        ModelName name, ListedModel model, Func<ListedBlob, Reading<IdentifiedManifest>> manifests, List<BlobProblem> problems)
    {
        if (model.Flat is { } flat)
        {
            if (!model.HasVersions) yield return CommittedVersion.Of(flat);
            else problems.Add(new BlobProblem(flat.Model, $"'{name}/' holds versions of a model of the same name, and they are the ones that count."));
        }
        foreach (var (number, files) in model.Versions)
        {
            if (files.GetValueOrDefault(RepositoryLayout.Manifest) is not { } blob) continue;   // still being uploaded
            if (Take(blob, manifests(blob), problems) is not { } manifest) continue;
            var (version, problem) = CommittedVersion.Of(new ModelId(name, number), files, blob, manifest);
            if (version is not null) yield return version;
            else problems.Add(new BlobProblem(blob, problem!));
        }
    }

    private static T? Take<T>(ListedBlob blob, Reading<T> reading, List<BlobProblem> problems) where T : class
    {
        if (reading.Problem is { } problem) problems.Add(new BlobProblem(blob, problem));
        return reading.Value;
    }
}

/// <param name="Policy">Null where serving.json is not valid: then nothing is known about what is wanted.</param>
internal sealed record ModelSnapshot(ServingPolicy? Policy, IReadOnlyList<CommittedVersion> Committed);
