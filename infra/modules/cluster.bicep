// The cluster, with what the overlay relies on: workload identity, the issuer of its tokens, application routing, network policies.
param name string
param location string
param nodes { least: int, most: int }
param nodeSize string
param gateway bool
param admins string[]
param deployers string[]
param workspaceId string
param collectionRuleId string

var clusterUser = subscriptionResourceId(
  'Microsoft.Authorization/roleDefinitions',
  '4abbcc35-e782-43d8-92c5-2d3f1bd2253f'
)
var rbacClusterAdmin = subscriptionResourceId(
  'Microsoft.Authorization/roleDefinitions',
  'b1ff04bb-8a4e-4dc4-8eb5-8693973ce19b'
)

// A pipeline that deploys this too has its roles already, and a second assignment of the same would be refused.
var people = filter(admins, admin => !contains(deployers, admin))

resource cluster 'Microsoft.ContainerService/managedClusters@2026-02-01' = {
  name: name
  location: location
  identity: { type: 'SystemAssigned' }
  sku: { name: 'Base', tier: 'Standard' }
  properties: {
    dnsPrefix: name
    disableLocalAccounts: true
    enableRBAC: true
    aadProfile: { managed: true, enableAzureRBAC: true }
    oidcIssuerProfile: { enabled: true }
    securityProfile: { workloadIdentity: { enabled: true } }
    ingressProfile: {
      gatewayAPI: gateway ? { installation: 'Standard' } : null
      webAppRouting: {
        enabled: true
        gatewayAPIImplementations: gateway ? { appRoutingIstio: { mode: 'Enabled' } } : null
      }
    }
    autoUpgradeProfile: { upgradeChannel: 'patch', nodeOSUpgradeChannel: 'NodeImage' }
    networkProfile: {
      networkPlugin: 'azure'
      networkPluginMode: 'overlay'
      networkDataplane: 'cilium'
      networkPolicy: 'cilium'
      loadBalancerSku: 'standard'
    }
    addonProfiles: empty(workspaceId)
      ? {}
      : { omsagent: { enabled: true, config: { logAnalyticsWorkspaceResourceID: workspaceId, useAADAuth: 'true' } } }
    agentPoolProfiles: [
      {
        name: 'nodes'
        mode: 'System'
        vmSize: nodeSize
        osType: 'Linux'
        osSKU: 'AzureLinux'
        enableAutoScaling: true
        count: nodes.least
        minCount: nodes.least
        maxCount: nodes.most
        // Replicas are spread over zones where the region has some.
        availabilityZones: pickZones('Microsoft.Compute', 'virtualMachines', location, 3)
        upgradeSettings: { maxSurge: '33%' }
      }
    ]
  }
}

resource user 'Microsoft.Authorization/roleAssignments@2022-04-01' = [
  for principal in deployers: {
    name: guid(cluster.id, clusterUser, principal)
    scope: cluster
    properties: { roleDefinitionId: clusterUser, principalId: principal, principalType: 'ServicePrincipal' }
  }
]

// It creates the namespace too, which the roles for one namespace do not let it.
resource deploy 'Microsoft.Authorization/roleAssignments@2022-04-01' = [
  for principal in deployers: {
    name: guid(cluster.id, rbacClusterAdmin, principal)
    scope: cluster
    properties: { roleDefinitionId: rbacClusterAdmin, principalId: principal, principalType: 'ServicePrincipal' }
  }
]

resource adminUser 'Microsoft.Authorization/roleAssignments@2022-04-01' = [
  for principal in people: {
    name: guid(cluster.id, clusterUser, principal)
    scope: cluster
    properties: { roleDefinitionId: clusterUser, principalId: principal }
  }
]

resource administrate 'Microsoft.Authorization/roleAssignments@2022-04-01' = [
  for principal in people: {
    name: guid(cluster.id, rbacClusterAdmin, principal)
    scope: cluster
    properties: { roleDefinitionId: rbacClusterAdmin, principalId: principal }
  }
]

// Without it the agent that the add-on brings sends nothing.
resource collection 'Microsoft.Insights/dataCollectionRuleAssociations@2022-06-01' = if (!empty(collectionRuleId)) {
  name: 'ContainerInsightsExtension'
  scope: cluster
  properties: { dataCollectionRuleId: collectionRuleId }
}

output name string = cluster.name
output issuer string = cluster.properties.oidcIssuerProfile.issuerURL
output kubeletPrincipalId string = cluster.properties.identityProfile.kubeletidentity.objectId
