"""How many nodes the clusters of all scenes have: each metric that counts nodes counts these."""

NODES = 6
REMOTE_CLUSTERS = 2
NODES_OF_A_REMOTE_CLUSTER = 8
REMOTE_NODES = REMOTE_CLUSTERS * NODES_OF_A_REMOTE_CLUSTER
KNOWN_NODES = NODES + REMOTE_NODES  # to an agent: its own cluster's and those of the mesh (pkg/node/manager)
