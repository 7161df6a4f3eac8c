"""Compares what h5py, xarray, netCDF and VTK see in result files; started by scripts/check-output."""

import os
import shutil
import subprocess
import sys
import tempfile
import xml.etree.ElementTree

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
    seen, kind = [], "no axis in space"
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


# Exports


def on_grid(contents, name):
    """A field on all axes of the file, repeated along those that it lacks."""
    names = list(contents.axes)
    values = contents.fields[name]
    own = contents.dimensions[name]
    shape = [len(contents.axes[axis]) for axis in names]
    return np.broadcast_to(values.reshape([n if axis in own else 1 for axis, n in zip(names, shape)]), shape)


def check_table(path, contents, delimiter):
    with open(path) as file:
        head = file.readline().strip()
    names = list(contents.axes)[::-1] + list(contents.fields)
    expect(head == ("# " + ", ".join(names) if delimiter is None else ",".join(names)), f"header is {head}")
    table = np.loadtxt(path, delimiter=delimiter, skiprows=1, ndmin=2)
    grid = np.meshgrid(*contents.axes.values(), indexing="ij")
    columns = [axis.ravel() for axis in grid][::-1]
    columns += [on_grid(contents, name).ravel() for name in contents.fields]
    expect(table.shape == (columns[0].size, len(columns)), f"table is {table.shape}")
    for name, column, wanted in zip(names, table.T, columns):
        expect(same(column.astype(wanted.dtype), wanted), f"column {name}")
    return f"{table.shape[0]} rows of {table.shape[1]}"


def check_npz(path, contents):
    with np.load(path, allow_pickle=False) as arrays:
        expect(arrays.files == list(contents.axes) + list(contents.fields), f"arrays are {arrays.files}")
        for name, values in {**contents.axes, **contents.fields}.items():
            expect(arrays[name].dtype == values.dtype and same(arrays[name], values), f"array {name}")
    return f"{len(contents.axes) + len(contents.fields)} arrays"


def check_steps(read, times, contents):
    """What VTK reads at each moment: points in their places, fields with their values."""
    spatial = [name for name in contents.axes if name not in contents.time]
    values = [contents.axes[name] for name in spatial][::-1] + [np.zeros(1)] * (3 - len(spatial))
    z, y, x = np.meshgrid(values[2], values[1], values[0], indexing="ij")
    points = np.stack([x.ravel(), y.ravel(), z.ravel()], axis=1)
    wanted_times = contents.axes[contents.time[0]] if contents.time else [None]
    expect(len(times) == len(wanted_times) and (times == [None] or same(times, wanted_times)), f"times are {times}")
    cells = int(np.prod([max(1, len(axis) - 1) for axis in values]))
    for index, time in enumerate(times):
        output = read(index, time)
        expect(output.GetNumberOfPoints() == len(points), f"{output.GetNumberOfPoints()} points")
        expect(output.GetNumberOfCells() == cells, f"{output.GetNumberOfCells()} cells, not {cells}")
        if isinstance(output, vtk.vtkUnstructuredGrid):
            expect(same(vtk_to_numpy(output.GetPoints().GetData()), points), "points")
            sizes = vtk.vtkCellSizeFilter()
            sizes.SetInputData(output)
            sizes.Update()
            data = sizes.GetOutput().GetCellData()
            measure = [name for name, n in (("Volume", 3), ("Area", 2), ("Length", 1))
                       if n == sum(len(axis) > 1 for axis in values)]
            if measure:
                total = vtk_to_numpy(data.GetArray(measure[0])).sum()
                extent = np.prod([np.ptp(axis) for axis in values if len(axis) > 1])
                expect(abs(total - extent) < 1e-9 * extent, f"cells fill {total} of {extent}")
        else:
            seen = np.array([output.GetPoint(k) for k in range(0, len(points), 97)])
            expect(np.allclose(seen, points[::97], atol=1e-9 * np.abs(points).max()), "points")
        for name in contents.fields:
            array = output.GetPointData().GetArray(name)
            expect(array is not None, f"{name} is point data")
            wanted = on_grid(contents, name)
            wanted = (wanted[index] if contents.time else wanted).ravel()
            expect(vtk_to_numpy(array).dtype == wanted.dtype and same(vtk_to_numpy(array), wanted),
                   f"values of {name} at {time}")
    return f"{output.GetClassName()}, {len(times)} steps, {cells} cells"


def check_vtkhdf(path, contents):
    with h5py.File(path) as file:
        facts = file["provenance"].attrs
        for name, value in contents.attributes.items():
            expect(plain(facts[name]) == plain(value), f"fact {name}")
    reader = vtk.vtkHDFReader()
    reader.SetFileName(path)
    reader.UpdateInformation()
    information = reader.GetOutputInformation(0)
    key = vtk.vtkStreamingDemandDrivenPipeline.TIME_STEPS()
    times = [information.Get(key, k) for k in range(information.Length(key))] if information.Has(key) else [None]

    def read(_, time):
        if time is None:
            reader.Update()
        else:
            reader.UpdateTimeStep(time)
        return reader.GetOutput()

    return check_steps(read, times, contents)


def check_vtu(path, contents):
    files, times = [path], [None]
    if path.endswith(".pvd"):
        sets = xml.etree.ElementTree.parse(path).findall("Collection/DataSet")
        files = [os.path.join(os.path.dirname(path), item.get("file")) for item in sets]
        times = [float(item.get("timestep")) for item in sets]

    def read(index, time):
        reader = vtk.vtkXMLUnstructuredGridReader()
        reader.SetFileName(files[index])
        reader.Update()
        if time is not None:
            expect(reader.GetOutput().GetFieldData().GetArray("TimeValue").GetValue(0) == time, f"time {time}")
        return reader.GetOutput()

    return check_steps(read, times, contents)


def exports(run, contents, folder):
    """Exports a run to every format; gives a check of each."""
    program = os.environ.get("ANSATZ", "")
    if not os.access(program, os.X_OK):
        print(f"passed over  {run}: exports, as there is no program {program}")
        return
    spatial = len(contents.axes) - len(contents.time)
    for kind, check in [
        ("csv", lambda path: check_table(path, contents, ",")), ("dat", lambda path: check_table(path, contents, None)),
        ("npz", lambda path: check_npz(path, contents)), ("vtkhdf", lambda path: check_vtkhdf(path, contents)),
        ("vtu", lambda path: check_vtu(path, contents)),
    ]:
        ending = "pvd" if kind == "vtu" and contents.time else kind
        path = os.path.join(folder, "fields." + ending)

        def export_and_check(kind=kind, path=path, check=check):
            subprocess.run([program, "export", run, "--to", kind, "-o", path], check=True, capture_output=True)
            return check(path)

        if 1 <= spatial <= 3 or kind in ("csv", "dat", "npz"):
            yield f"export to {kind}", export_and_check


def main(paths):
    failures = 0
    for path in paths:
        run = path if os.path.isdir(path) else None
        if run and os.path.exists(os.path.join(run, "comparison.h5")):
            run, path = None, os.path.join(run, "comparison.h5")
        path = os.path.join(path, "fields.h5") if run else path
        contents = Contents(path)
        folder = tempfile.TemporaryDirectory()
        checks = [
            ("h5py", lambda: check_h5py(path, contents)),
            ("xarray, h5netcdf", lambda: check_xarray(path, contents, "h5netcdf")),
            ("xarray, netcdf4", lambda: check_xarray(path, contents, "netcdf4")),
            ("VTK, CF reader", lambda: check_vtk(path, contents)),
        ]
        if shutil.which("ncdump"):
            checks.append(("ncdump", lambda: check_ncdump(path, contents)))
        if run:
            checks += exports(run, contents, folder.name)
        for name, check in checks:
            try:
                print(f"ok      {path}: {name}: {check()}")
            except Exception as error:
                failures += 1
                print(f"failed  {path}: {name}: {type(error).__name__}: {error}")
    return 1 if failures else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
