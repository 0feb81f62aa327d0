"""Loaded by Python at its start from PYTHONPATH: makes aiohttp use the proxy of Assay, and certifi give its bundle.

Everything else in Python follows the environment variables. It changes nothing unless ASSAY_PROXY is set.
"""
import importlib.abc
import importlib.machinery
import os
import sys

_here = os.path.dirname(os.path.abspath(__file__))


def _patch_aiohttp(module):
    session = module.ClientSession
    original = session.__init__

    def __init__(self, *args, **kwargs):
        kwargs.setdefault("trust_env", True)
        original(self, *args, **kwargs)

    session.__init__ = __init__


def _patch_certifi(module):
    bundle = os.environ.get("SSL_CERT_FILE")
    if not bundle or not os.path.isfile(bundle):
        return

    def where():
        return bundle

    def contents():
        with open(bundle, encoding="ascii") as file:
            return file.read()

    for holder in (module, sys.modules.get("certifi")):
        if holder is not None:
            holder.where, holder.contents = where, contents


_patches = {"aiohttp.client": _patch_aiohttp, "certifi.core": _patch_certifi}


class _Finder(importlib.abc.MetaPathFinder):
    def find_spec(self, fullname, path=None, target=None):
        patch = _patches.get(fullname)
        if patch is None:
            return None
        spec = importlib.machinery.PathFinder.find_spec(fullname, path, target)
        if spec is None or spec.loader is None:
            return spec
        execute = spec.loader.exec_module

        def exec_module(module):
            execute(module)
            _apply(patch, module)

        spec.loader.exec_module = exec_module
        return spec


def _apply(patch, module):
    try:
        patch(module)
    except Exception:  # a version that looks different works as it would without us
        pass


if os.environ.get("ASSAY_PROXY"):
    sys.meta_path.insert(0, _Finder())
    for _name, _patch in _patches.items():
        if _name in sys.modules:  # a .pth file may import a module before this file is run
            _apply(_patch, sys.modules[_name])

# Only one sitecustomize is loaded: run the one that this file hides.
_path = sys.path[:]
_self = sys.modules.pop("sitecustomize", None)
try:
    sys.path[:] = [entry for entry in sys.path if os.path.abspath(entry or ".") != _here]
    import sitecustomize  # noqa: F401
except ImportError:
    pass
finally:
    sys.path[:] = _path
    if _self is not None:
        sys.modules["sitecustomize"] = _self
