using ModelPlatform.Repository.Naming;
using ModelPlatform.Repository.Serving;
using ModelPlatform.Repository.State;

namespace ModelPlatform.Sync.Detection;

/// <summary>What the repository offers, as far as it is complete and valid; what is not is among the problems.</summary>
/// <param name="Wishes">Of operators; null where their document is not valid: then nothing is known about what may be served.</param>
internal sealed record RepositorySnapshot(IReadOnlyDictionary<ModelName, ModelSnapshot> Models, IReadOnlyList<BlobProblem> Problems, ModelOverrides? Wishes)
{
    public static RepositorySnapshot Of(RepositoryTree tree, Func<ListedBlob, Reading<IdentifiedManifest>> manifests, Func<ListedBlob, Reading<ServingPolicy>> policies)
    {
        var problems = new List<BlobProblem>(tree.Foreign);
        var models = new SortedDictionary<ModelName, ModelSnapshot>();
        foreach (var (name, model) in tree.Models)
        {
            var committed = Committed(name, model, manifests, problems).ToList();
            models.Add(name, new ModelSnapshot(Policy(name, model, committed, policies, problems), committed));
        }
        return new RepositorySnapshot(models, problems, ModelOverrides.None);
    }

    public RepositorySnapshot With(ListedBlob? overrides, Func<ListedBlob, Reading<ModelOverrides>> read)
    {
        if (overrides is null) return this;
        var problems = Problems.ToList();
        var wishes = Take(overrides, read(overrides), problems);
        problems.AddRange((wishes ?? ModelOverrides.None).Models.Where(wish => IsBesideThePoint(wish.Key, wish.Value.Pin)).Select(wish =>
            new BlobProblem(overrides, $"'{wish.Key}' is pinned to version {wish.Value.Pin}, which is not there or not complete: what is served stays.")));
        return this with { Wishes = wishes, Problems = problems };
    }

    // In the flat form a version has the number under which it was published, which is not known here.
    private bool IsBesideThePoint(ModelName name, ModelVersion? pin) =>
        pin is not null && Models.TryGetValue(name, out var model) && model.Committed.All(version => !version.Desired.IsFlat && version.Desired.Version != pin);

    private static ServingPolicy? Policy(
        ModelName name, ListedModel model, List<CommittedVersion> committed, Func<ListedBlob, Reading<ServingPolicy>> policies, List<BlobProblem> problems)
    {
        if (model is { IsFlat: true, Serving: { } beside })
            problems.Add(new BlobProblem(beside, $"'{name}/' holds no version; what counts for '{model.Flat!.Model.Name}' is '{name}{RepositoryLayout.FlatServingSuffix}'."));
        if (model is { HasVersions: true, FlatServing: { } flat })
            problems.Add(new BlobProblem(flat, $"'{name}/' holds versions, for which '{name}/{RepositoryLayout.ServingName}' counts."));

        if (model.Policy is not { } serving) return ServingPolicy.Default;
        var policy = Take(serving, policies(serving), problems);
        if (model.IsFlat && policy?.Versions.Only is not null)
        {
            problems.Add(new BlobProblem(serving, "versions.only: A model at the root has one version, whose number is made from the dates of its blobs."));
            return null;
        }
        if (committed.Count > 0 && policy?.Versions.From(committed.Select(version => version.Desired.Version)).Count == 0)
            problems.Add(new BlobProblem(serving, "None of the versions that it asks for is complete."));
        return policy;
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
