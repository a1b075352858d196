using System.Collections.Concurrent;
using System.Diagnostics;
using Microsoft.Extensions.DependencyInjection;
using ModelPlatform.Inference.Reloading;
using ModelPlatform.Repository.Naming;
using ModelPlatform.Repository.State;
using ModelPlatform.Tests.Shared;

namespace ModelPlatform.Tests.Integration.Inference;

public sealed class RolloutLinkTests(Azurite azurite) : OneReplica(azurite)
{
    private static readonly ActivityContext Rollout = new(ActivityTraceId.CreateRandom(), ActivitySpanId.CreateRandom(), ActivityTraceFlags.Recorded, isRemote: true);

    [Fact]
    public async Task Requests_that_a_candidate_answers_are_linked_to_the_trace_of_its_rollout_and_no_others()
    {
        var (first, second) = (await PublishTimesAsync(1), await PublishTimesAsync(2));
        var app = Start();
        using var client = app.CreateClient();
        var proved = RepositoryContainer.Model(first);
        await Repository.WantAsync(1, ("m", proved));
        await ReadyAsync(client);

        var caller = ActivityTraceId.CreateRandom();
        client.DefaultRequestHeaders.Add("traceparent", $"00-{caller}-{ActivitySpanId.CreateRandom()}-01");
        using var spans = new Spans(caller);
        var rolling = proved with { Candidate = new Candidate([second], 2, $"00-{Rollout.TraceId}-{Rollout.SpanId}-01") };
        await Repository.WantAsync(2, ("m", rolling));          // another replica has it
        await InferAsync(client, 1);
        await Repository.WantAsync(3, ("m", rolling with { Replicas = new Dictionary<ReplicaId, RolloutPart> { [app.Services.GetRequiredService<ReplicaIdentity>().Id] = RolloutPart.Candidate } }));
        await AnswersAsync(client, "2");
        await InferAsync(client, 1);
        await Repository.WantAsync(4, ("m", RepositoryContainer.Model(second, first)));
        await Eventually.IsTrueAsync("it is live", () => Task.FromResult(app.Acks.Any(ack => ack.Generation == 4)));
        await InferAsync(client, 1);

        var linked = spans.Ended.Select(span => span.Links.Count(link => link.Context == Rollout)).ToList();
        Assert.Equal((0, 0), (linked[0], linked[^1]));
        Assert.Contains(1, linked);
    }

    private sealed class Spans : IDisposable
    {
        private readonly ConcurrentQueue<Activity> _ended = [];
        private readonly ActivityListener _listener;

        public Spans(ActivityTraceId trace)
        {
            _listener = new ActivityListener
            {
                ShouldListenTo = source => source.Name == "Microsoft.AspNetCore",
                Sample = (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllDataAndRecorded,
                ActivityStopped = span =>
                {
                    if (span.TraceId == trace) _ended.Enqueue(span);
                },
            };
            ActivitySource.AddActivityListener(_listener);
        }

        public IReadOnlyCollection<Activity> Ended => _ended;

        public void Dispose() => _listener.Dispose();
    }
}
