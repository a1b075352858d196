// The models. There are no keys: who reads and who writes is a matter of roles.
param name string
param location string
param readers string[]
param contributors string[]

@description('People, groups or pipelines, who write too.')
param publishers string[]

var blobDataReader = subscriptionResourceId(
  'Microsoft.Authorization/roleDefinitions',
  '2a2b9908-6ea1-4ae2-8e65-a410df84e7d1'
)
var blobDataContributor = subscriptionResourceId(
  'Microsoft.Authorization/roleDefinitions',
  'ba92f5b4-2d11-453d-a403-e96b0029c9fe'
)

// In every zone, where the region has some.
var zones = pickZones('Microsoft.Compute', 'virtualMachines', location, 3)

resource account 'Microsoft.Storage/storageAccounts@2023-05-01' = {
  name: name
  location: location
  kind: 'StorageV2'
  sku: { name: empty(zones) ? 'Standard_LRS' : 'Standard_ZRS' }
  properties: {
    allowSharedKeyAccess: false
    allowBlobPublicAccess: false
    defaultToOAuthAuthentication: true
    minimumTlsVersion: 'TLS1_2'
    supportsHttpsTrafficOnly: true
  }

  resource blobs 'blobServices' = {
    name: 'default'
    // A model that was deleted by mistake can be had back for two weeks.
    properties: {
      deleteRetentionPolicy: { enabled: true, days: 14 }
      containerDeleteRetentionPolicy: { enabled: true, days: 14 }
    }

    resource models 'containers' = {
      name: 'models'
      properties: { publicAccess: 'None' }
    }
  }
}

resource reads 'Microsoft.Authorization/roleAssignments@2022-04-01' = [
  for principal in readers: {
    name: guid(account::blobs::models.id, blobDataReader, principal)
    scope: account::blobs::models
    properties: { roleDefinitionId: blobDataReader, principalId: principal, principalType: 'ServicePrincipal' }
  }
]

resource writes 'Microsoft.Authorization/roleAssignments@2022-04-01' = [
  for principal in contributors: {
    name: guid(account::blobs::models.id, blobDataContributor, principal)
    scope: account::blobs::models
    properties: { roleDefinitionId: blobDataContributor, principalId: principal, principalType: 'ServicePrincipal' }
  }
]

resource publishes 'Microsoft.Authorization/roleAssignments@2022-04-01' = [
  for principal in publishers: {
    name: guid(account::blobs::models.id, blobDataContributor, principal)
    scope: account::blobs::models
    properties: { roleDefinitionId: blobDataContributor, principalId: principal }
  }
]

output account string = account.name
output container string = account::blobs::models.name
output endpoint string = account.properties.primaryEndpoints.blob
