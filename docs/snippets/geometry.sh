ansatz check duct.toml
ansatz solve duct.toml
