// Who pushes images and deploys: runs of the workflow in the environment 'production' of one repository.
param name string
param location string
param repository string

module identity 'identity.bicep' = {
  params: {
    name: name
    location: location
    issuer: 'https://token.actions.githubusercontent.com'
    subject: 'repo:${repository}:environment:production'
    audience: 'api://AzureADTokenExchange'
  }
}

output clientId string = identity.outputs.clientId
output principalIds string[] = [identity.outputs.principalId]
