// Everything in Azure that ModelPlatform runs on, in one resource group.
targetScope = 'resourceGroup'

@description('Where everything stands.')
param location string = resourceGroup().location

@description('The beginning of every name, in small letters and digits. Registry and storage account get a suffix, since theirs are taken worldwide.')
@minLength(3)
@maxLength(11)
param name string = 'models'

@description('The namespace of the overlay, and with it of the service accounts that may use the identities.')
param namespace string = 'modelplatform'

@description('Nodes that pods are placed on, between the first number and the second.')
param nodes { least: int, most: int } = { least: 2, most: 5 }

@description('The size of a node: a replica of Inference.Api asks for two processors and 1 GiB.')
param nodeSize string = 'Standard_D4s_v5'

@description('Object ids of people and groups who administrate the cluster, besides whoever deploys this. The cluster has no accounts of its own.')
param clusterAdmins string[] = []

@description('Object ids of people, groups or pipelines that publish models, besides whoever deploys this.')
param publishers string[] = []

@description('The repository whose workflow may push images and deploy, as owner/name; empty: none.')
param gitHubRepository string = ''

@description('Whether the cluster has the Gateway API as its way in, besides the nginx of application routing, which Azure maintains until November 2026.')
param gateway bool = false

@description('Whether Event Grid puts changes of blobs into a storage queue that ModelSync reads. Without events it finds them by itself, at its next listing.')
param eventsQueue bool = false

@description('Where Event Grid posts them as well or instead, such as https://models.example.com/events/blob?key=…; ModelSync must answer there already. Empty: nowhere.')
@secure()
param eventsUrl string = ''

@description('The Entra application that protects that address, by its id or URI, so that it needs no key; empty: none.')
param eventsApplication string = ''

@description('Whether Azure Monitor gets logs, metrics and traces.')
param monitor bool = true

var suffix = uniqueString(resourceGroup().id, name)

// Registries and storage accounts take nothing but these in their names.
var plainName = toLower(replace(name, '-', ''))

// Whoever runs this goes on with it: pushes images, applies objects, publishes a model.
var me = deployer().objectId

// In this order below: who reads models, and who also writes what is to be served.
var workloads = ['inference-api', 'model-sync']

module monitoring 'modules/monitoring.bicep' = if (monitor) {
  params: { name: name, location: location }
}

module registry 'modules/registry.bicep' = {
  params: {
    name: '${plainName}${suffix}'
    location: location
    pullers: [cluster.outputs.kubeletPrincipalId]
    pushers: pipeline.?outputs.principalIds ?? []
  }
}

module cluster 'modules/cluster.bicep' = {
  params: {
    name: name
    location: location
    nodes: nodes
    nodeSize: nodeSize
    gateway: gateway
    admins: union([me], clusterAdmins)
    deployers: pipeline.?outputs.principalIds ?? []
    workspaceId: monitoring.?outputs.workspaceId ?? ''
    collectionRuleId: monitoring.?outputs.collectionRuleId ?? ''
  }
}

module identities 'modules/identity.bicep' = [
  for workload in workloads: {
    name: 'identity-${workload}'
    params: {
      name: '${name}-${workload}'
      location: location
      issuer: cluster.outputs.issuer
      subject: 'system:serviceaccount:${namespace}:${workload}'
      audience: 'api://AzureADTokenExchange'
    }
  }
]

module pipeline 'modules/pipeline.bicep' = if (!empty(gitHubRepository)) {
  params: { name: '${name}-pipeline', location: location, repository: gitHubRepository }
}

module storage 'modules/storage.bicep' = {
  params: {
    name: '${plainName}${suffix}'
    location: location
    readers: [identities[0].outputs.principalId]
    contributors: [identities[1].outputs.principalId]
    publishers: union([me], publishers)
  }
}

module events 'modules/events.bicep' = if (eventsQueue || !empty(eventsUrl)) {
  params: {
    name: '${name}-blobs'
    location: location
    account: storage.outputs.account
    container: storage.outputs.container
    useQueue: eventsQueue
    reader: identities[1].outputs.principalId
    endpoint: eventsUrl
    application: eventsApplication
  }
}

// What eng/deploy/connect reads. In camel case, since Azure gives back other names in a spelling of its own.
output registry string = registry.outputs.loginServer
output inferenceApiClientId string = identities[0].outputs.clientId
output modelSyncClientId string = identities[1].outputs.clientId
output modelsConnection string = 'Endpoint=${storage.outputs.endpoint};ContainerName=${storage.outputs.container}'
output eventsQueue string = events.?outputs.queue ?? ''
output pipelineClientId string = pipeline.?outputs.clientId ?? ''
output tenantId string = tenant().tenantId
output subscriptionId string = subscription().subscriptionId
output cluster string = cluster.outputs.name
