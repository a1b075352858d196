using 'main.bicep'

param name = 'models'

// Others besides you, by object id: 'az ad group show --group <name> --query id --output tsv', or 'az ad user show --id <mail> --query id --output tsv'.
param clusterAdmins = []
param publishers = []

// 8 processors at rest, 12 while images roll out, 20 at most: 'az vm list-usage --location <location>' tells what you may have.
param nodeSize = 'Standard_D4s_v5'
param nodes = { least: 2, most: 5 }

// The Gateway API as the way in: infra/README.md, "The way in".
param gateway = false

// The repository whose workflow deploys, as owner/name.
param gitHubRepository = ''

// Events through a storage queue: nothing has to reach the cluster from outside.
param eventsQueue = false

// Events by calls. With the key in it, so from the environment and not from a file.
param eventsUrl = readEnvironmentVariable('EVENTS_URL', '')
param eventsApplication = ''
