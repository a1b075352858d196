// The images. Nobody has a password: the cluster pulls and the pipeline pushes by identity.
param name string
param location string
param pullers string[]
param pushers string[]

var acrPull = subscriptionResourceId('Microsoft.Authorization/roleDefinitions', '7f951dda-4ed3-4680-a7ca-43fe172d538d')
var acrPush = subscriptionResourceId('Microsoft.Authorization/roleDefinitions', '8311e382-0749-4cb8-b61a-304f252e45ec')

resource registry 'Microsoft.ContainerRegistry/registries@2023-07-01' = {
  name: name
  location: location
  sku: { name: 'Standard' }
  properties: {
    adminUserEnabled: false
  }
}

resource pull 'Microsoft.Authorization/roleAssignments@2022-04-01' = [
  for principal in pullers: {
    name: guid(registry.id, acrPull, principal)
    scope: registry
    properties: { roleDefinitionId: acrPull, principalId: principal, principalType: 'ServicePrincipal' }
  }
]

resource push 'Microsoft.Authorization/roleAssignments@2022-04-01' = [
  for principal in pushers: {
    name: guid(registry.id, acrPush, principal)
    scope: registry
    properties: { roleDefinitionId: acrPush, principalId: principal, principalType: 'ServicePrincipal' }
  }
]

output loginServer string = registry.properties.loginServer
