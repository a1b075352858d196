using 'main.bicep'

param name = 'models'

// az ad group show --group <name> --query id --output tsv
param clusterAdmins = []

// Whoever publishes models: az ad signed-in-user show --query id --output tsv
param publishers = []

param gitHubRepository = ''

// Events through a storage queue: nothing has to reach the cluster from outside.
param eventsQueue = false

// Events by calls. With the key in it, so from the environment and not from a file.
param eventsUrl = readEnvironmentVariable('EVENTS_URL', '')
param eventsApplication = ''
