// An identity without a secret: whoever shows a token of the issuer for the subject is it.
param name string
param location string
param issuer string
param subject string
param audience string

resource identity 'Microsoft.ManagedIdentity/userAssignedIdentities@2023-01-31' = {
  name: name
  location: location

  resource federation 'federatedIdentityCredentials' = {
    name: 'federation'
    properties: { issuer: issuer, subject: subject, audiences: [audience] }
  }
}

output clientId string = identity.properties.clientId
output principalId string = identity.properties.principalId
