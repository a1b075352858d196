// Logs of the cluster, and a place for traces and metrics: a collector with the Azure Monitor exporter sends them there.
param name string
param location string

resource workspace 'Microsoft.OperationalInsights/workspaces@2023-09-01' = {
  name: name
  location: location
  properties: { sku: { name: 'PerGB2018' }, retentionInDays: 30 }
}

resource insights 'Microsoft.Insights/components@2020-02-02' = {
  name: name
  location: location
  kind: 'web'
  properties: { Application_Type: 'web', WorkspaceResourceId: workspace.id }
}

// What the cluster's agent sends, and where.
resource collection 'Microsoft.Insights/dataCollectionRules@2022-06-01' = {
  name: '${name}-containers'
  location: location
  kind: 'Linux'
  properties: {
    dataSources: {
      extensions: [
        {
          name: 'ContainerInsightsExtension'
          extensionName: 'ContainerInsights'
          streams: ['Microsoft-ContainerInsights-Group-Default']
          extensionSettings: {
            dataCollectionSettings: { interval: '1m', namespaceFilteringMode: 'Off', enableContainerLogV2: true }
          }
        }
      ]
    }
    destinations: { logAnalytics: [{ name: 'workspace', workspaceResourceId: workspace.id }] }
    dataFlows: [{ streams: ['Microsoft-ContainerInsights-Group-Default'], destinations: ['workspace'] }]
  }
}

output workspaceId string = workspace.id
output collectionRuleId string = collection.id
output connectionString string = insights.properties.ConnectionString
