ansatz check membrane.toml
ansatz solve membrane.toml
ansatz show runs/membrane
