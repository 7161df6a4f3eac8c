"""Compares what h5py, xarray, netCDF and VTK see in result files; started by scripts/check-output."""

import os
import shutil
import subprocess
import sys

import h5py
import numpy as np
import vtk
import xarray
from vtk.util.numpy_support import vtk_to_numpy


class Contents:
    """A file as h5py sees it: the yardstick for the other readers."""

    def __init__(self, path):
        self.axes, self.fields, self.dimensions, self.texts = {}, {}, {}, {}
        with h5py.File(path) as file:
            self.attributes = dict(file.attrs)
            for name, item in file.items():
                if isinstance(item, h5py.Group):
                    expect(name == "long_texts", f"{name} is a group that readers should not meet")
                    for text_name, text in item.items():
                        if text.dtype.kind == "S":
                            self.texts[text_name] = b"".join(text[()]).decode()
                elif item.is_scale:
                    self.axes[name] = item[()]
                else:
                    self.fields[name] = item[()]
                    scales = [item.dims[axis][0] for axis in range(item.ndim)]
                    self.dimensions[name] = tuple(scale.name.lstrip("/") for scale in scales)
                    for axis, scale in enumerate(scales):
                        expect(scale.shape[0] == item.shape[axis], f"{name}: scale of axis {axis} has its length")
            self.time = [name for name in self.axes if file[name].attrs.get("axis") == b"T"]


def expect(condition, what):
    if not condition:
        raise AssertionError(what)


def same(left, right):
    return np.array_equal(np.asarray(left), np.asarray(right), equal_nan=True)


def plain(value):
    """A netCDF or HDF5 attribute as text or number."""
    if isinstance(value, bytes):
        return value.decode()
    if isinstance(value, np.ndarray) and value.size == 1:
        return value.item()
    return value.item() if isinstance(value, np.generic) else value


def check_h5py(path, contents):
    expect(contents.axes and contents.fields, "there are axes and fields")
    with h5py.File(path) as file:
        for name, value in file.attrs.items():
            kind = file.attrs.get_id(name).get_type()
            expect(not isinstance(kind, h5py.h5t.TypeStringID) or not kind.is_variable_str(),
                   f"attribute {name} has a fixed length")
            expect(isinstance(kind, h5py.h5t.TypeStringID) or np.ndim(value) == 1, f"attribute {name} is an array")
        for name in contents.fields:
            item = file[name]
            expect(item.chunks and item.compression == "gzip" and item.shuffle and item.fletcher32,
                   f"{name} is compressed and has checksums")
            expect(np.isnan(item.attrs["_FillValue"][0]) and item.attrs["_FillValue"].dtype == item.dtype,
                   f"{name} has a fill value of its own type")
    return f"{len(contents.axes)} axes, {len(contents.fields)} fields, {len(contents.attributes)} attributes"


def check_xarray(path, contents, engine):
    with xarray.open_dataset(path, engine=engine) as data:
        for name, values in contents.axes.items():
            expect(data[name].dims == (name,) and same(data[name], values), f"coordinate {name}")
            expect(name in data.coords, f"{name} is a coordinate")
        for name, values in contents.fields.items():
            expect(data[name].dims == contents.dimensions[name], f"dimensions of {name} are {data[name].dims}")
            expect(data[name].dtype == values.dtype and same(data[name], values), f"values of {name}")
        expect(set(data.data_vars) == set(contents.fields), f"fields are {list(data.data_vars)}")
        for name, value in contents.attributes.items():
            expect(plain(data.attrs[name]) == plain(value), f"attribute {name}")
        order = [name for name in data.variables if name in contents.fields]
    if contents.texts:
        with xarray.open_dataset(path, engine=engine, group="long_texts") as data:
            for name, text in contents.texts.items():
                seen = data[name].values.item()
                expect((seen.decode() if isinstance(seen, bytes) else seen) == text, f"text {name}")
    return "order " + ", ".join(order)


def check_vtk(path, contents):
    names = [name for name in contents.fields]
    seen = []
    for dimensions in dict.fromkeys(contents.dimensions.values()):
        has_time = dimensions[0] in contents.time
        spatial = dimensions[1:] if has_time else dimensions
        if not spatial:
            continue
        reader = vtk.vtkNetCDFCFReader()
        reader.SetFileName(path)
        reader.UpdateMetaData()
        # The reader leaves time out of the names of its grids.
        grid = "(" + ", ".join(spatial) + ")"
        grids = reader.GetAllDimensions()
        grids = [grids.GetValue(k) for k in range(grids.GetNumberOfValues())]
        expect(set(grids) <= {grid} or len(set(contents.dimensions.values())) > 1, f"grids are {grids}")
        reader.SetDimensions(grid)
        reader.UpdateInformation()
        information = reader.GetOutputInformation(0)
        key = vtk.vtkStreamingDemandDrivenPipeline.TIME_STEPS()
        times = [information.Get(key, k) for k in range(information.Length(key))] if information.Has(key) else []
        if has_time:
            expect(same(times, contents.axes[dimensions[0]]), f"times are {times[:3]}...")
        for index in range(len(times)) if has_time else [None]:
            if index is None:
                reader.Update()
            else:
                reader.UpdateTimeStep(times[index])
            output = reader.GetOutput()
            shape = tuple(len(contents.axes[name]) for name in spatial)
            expect(tuple(n for n in output.GetDimensions()[: len(shape)]) == shape[::-1],
                   f"extent {output.GetDimensions()} for {shape}")
            check_vtk_axes(output, spatial, contents)
            for name in names:
                if contents.dimensions[name] != dimensions:
                    continue
                array = output.GetPointData().GetArray(name)
                expect(array is not None, f"{name} is point data")
                wanted = contents.fields[name] if index is None else contents.fields[name][index]
                expect(same(vtk_to_numpy(array).reshape(shape), wanted), f"values of {name} at {index}")
                if name not in seen:
                    seen.append(name)
        kind = output.GetClassName()
    return f"{kind}, " + ", ".join(seen)


def check_vtk_axes(output, spatial, contents):
    points = np.array([output.GetPoint(k) for k in range(min(output.GetNumberOfPoints(), 2000))])
    shape = tuple(len(contents.axes[name]) for name in spatial)
    for k in range(0, len(points), 97):
        place = np.unravel_index(k, shape)
        for direction, axis in enumerate(reversed(range(len(spatial)))):
            wanted = contents.axes[spatial[axis]][place[axis]]
            scale = np.ptp(contents.axes[spatial[axis]])
            expect(abs(points[k][direction] - wanted) <= 0.01 * scale, f"point {k} lies at {points[k]}")


def check_ncdump(path, contents):
    header = subprocess.run(["ncdump", "-h", path], check=True, capture_output=True, text=True).stdout
    for name, dimensions in contents.dimensions.items():
        expect(f"{name}({', '.join(dimensions)})" in header, f"ncdump shows {name}")
    return f"{len(header.splitlines())} lines"


def main(paths):
    failures = 0
    for path in paths:
        path = os.path.join(path, "fields.h5") if os.path.isdir(path) else path
        contents = Contents(path)
        checks = [
            ("h5py", lambda: check_h5py(path, contents)),
            ("xarray, h5netcdf", lambda: check_xarray(path, contents, "h5netcdf")),
            ("xarray, netcdf4", lambda: check_xarray(path, contents, "netcdf4")),
            ("VTK, CF reader", lambda: check_vtk(path, contents)),
        ]
        if shutil.which("ncdump"):
            checks.append(("ncdump", lambda: check_ncdump(path, contents)))
        for name, check in checks:
            try:
                print(f"ok      {path}: {name}: {check()}")
            except Exception as error:
                failures += 1
                print(f"failed  {path}: {name}: {type(error).__name__}: {error}")
    return 1 if failures else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
