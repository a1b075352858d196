[assembly: AssemblyFixture(typeof(ModelPlatform.Tests.Shared.Azurite))]
