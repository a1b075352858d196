// Event Grid tells ModelSync of blobs that came, changed or went. It is a hint: ModelSync looks by itself all the same.
param name string
param location string
param account string
param container string

@description('Whether events go into a queue of the account.')
param useQueue bool

@description('Who reads that queue.')
param reader string

@description('Where events are posted; empty: nowhere.')
@secure()
param endpoint string

@description('The Entra application that protects that address, by its id or URI; empty: the address holds the key.')
param application string

var queueDataMessageSender = subscriptionResourceId(
  'Microsoft.Authorization/roleDefinitions',
  'c6a89b2d-59bc-44d0-9896-0f6e12d7b80a'
)
var queueDataMessageProcessor = subscriptionResourceId(
  'Microsoft.Authorization/roleDefinitions',
  '8a0f0c08-91a1-4084-bc3d-661d67233fed'
)

var blobs = '/blobServices/default/containers/${container}/blobs/'
var filter = {
  includedEventTypes: ['Microsoft.Storage.BlobCreated', 'Microsoft.Storage.BlobDeleted']
  subjectBeginsWith: blobs
  // What ModelSync writes whenever it publishes is no news to it. It ignores that in any case; this saves the way.
  advancedFilters: [
    { operatorType: 'StringNotBeginsWith', key: 'subject', values: ['${blobs}.platform/desired-state.json'] }
  ]
}
// A hint that is an hour old helps nobody.
var retries = { eventTimeToLiveInMinutes: 60, maxDeliveryAttempts: 10 }

resource storage 'Microsoft.Storage/storageAccounts@2023-05-01' existing = {
  name: account

  resource queues 'queueServices' existing = {
    name: 'default'
  }
}

resource changes 'Microsoft.Storage/storageAccounts/queueServices/queues@2023-05-01' = if (useQueue) {
  parent: storage::queues
  name: 'model-events'
}

resource topic 'Microsoft.EventGrid/systemTopics@2022-06-15' = {
  name: name
  location: location
  identity: { type: 'SystemAssigned' }
  properties: { source: storage.id, topicType: 'Microsoft.Storage.StorageAccounts' }
}

resource sends 'Microsoft.Authorization/roleAssignments@2022-04-01' = if (useQueue) {
  name: guid(changes.id, queueDataMessageSender, name)
  scope: changes
  properties: {
    roleDefinitionId: queueDataMessageSender
    principalId: topic.identity.principalId
    principalType: 'ServicePrincipal'
  }
}

resource reads 'Microsoft.Authorization/roleAssignments@2022-04-01' = if (useQueue) {
  name: guid(changes.id, queueDataMessageProcessor, reader)
  scope: changes
  properties: { roleDefinitionId: queueDataMessageProcessor, principalId: reader, principalType: 'ServicePrincipal' }
}

resource queued 'Microsoft.EventGrid/systemTopics/eventSubscriptions@2022-06-15' = if (useQueue) {
  parent: topic
  name: 'model-sync-queue'
  properties: {
    deliveryWithResourceIdentity: {
      identity: { type: 'SystemAssigned' }
      destination: {
        endpointType: 'StorageQueue'
        properties: { resourceId: storage.id, queueName: changes.name, queueMessageTimeToLiveInSeconds: 3600 }
      }
    }
    eventDeliverySchema: 'EventGridSchema'
    filter: filter
    retryPolicy: retries
  }
  dependsOn: [sends]
}

resource posted 'Microsoft.EventGrid/systemTopics/eventSubscriptions@2022-06-15' = if (!empty(endpoint)) {
  parent: topic
  name: 'model-sync'
  properties: {
    destination: {
      endpointType: 'WebHook'
      properties: {
        endpointUrl: endpoint
        maxEventsPerBatch: 20
        preferredBatchSizeInKilobytes: 64
        azureActiveDirectoryApplicationIdOrUri: empty(application) ? null : application
        azureActiveDirectoryTenantId: empty(application) ? null : tenant().tenantId
      }
    }
    eventDeliverySchema: 'EventGridSchema'
    filter: filter
    retryPolicy: retries
  }
}

output queue string = useQueue ? 'Endpoint=${storage.properties.primaryEndpoints.queue};QueueName=model-events' : ''
