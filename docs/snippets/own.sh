ansatz check fin.toml
ansatz solve fin.toml
ansatz solve fin.toml --set parameters.Bi=10 --output runs/fin-10
