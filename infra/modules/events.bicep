// Event Grid tells ModelSync of blobs that came, changed or went. It is a hint: ModelSync looks by itself all the same.
param name string
param location string
param account string
param container string

@secure()
param endpoint string

resource storage 'Microsoft.Storage/storageAccounts@2023-05-01' existing = {
  name: account
}

resource topic 'Microsoft.EventGrid/systemTopics@2022-06-15' = {
  name: name
  location: location
  properties: { source: storage.id, topicType: 'Microsoft.Storage.StorageAccounts' }

  resource subscription 'eventSubscriptions' = {
    name: 'model-sync'
    properties: {
      destination: {
        endpointType: 'WebHook'
        properties: { endpointUrl: endpoint, maxEventsPerBatch: 20, preferredBatchSizeInKilobytes: 64 }
      }
      eventDeliverySchema: 'EventGridSchema'
      filter: {
        includedEventTypes: ['Microsoft.Storage.BlobCreated', 'Microsoft.Storage.BlobDeleted']
        subjectBeginsWith: '/blobServices/default/containers/${container}/blobs/'
        // What the platform writes itself is no news to it.
        advancedFilters: [{ operatorType: 'StringNotContains', key: 'subject', values: ['/blobs/.platform/'] }]
      }
      // A hint that is an hour old helps nobody.
      retryPolicy: { eventTimeToLiveInMinutes: 60, maxDeliveryAttempts: 10 }
    }
  }
}
