import csv
import h5py

with h5py.File("runs/fin/fields.h5") as file:
    x, t, T = file["x"][:], file["t"][:], file["T"][:]     # T is stored as (t, x)
    print("error estimate:", dict(file.attrs)["residual_rms_heat"])
print("tip at the end:", T[-1, -1])

with open("runs/fin/history.csv") as file:
    rows = list(csv.DictReader(file))
print("loss:", rows[0]["loss"], "->", rows[-1]["loss"])
