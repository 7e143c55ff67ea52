# The image of the Action. Build it with `python tools/image.py build`.
#
# The lock decides every package and its hash, and is whole; where the packages come from is the builder's business:
#   --build-arg PIP_INDEX_URL=… --build-arg UV_DEFAULT_INDEX=…   another package index
#   --build-arg PYTHON=…                                         another base, such as one with your own certificates
# It builds with BuildKit and without.

ARG PYTHON=python:3.13-slim

# --- builder: everything that is needed to build, nothing of which is kept ------------------------------

FROM ${PYTHON} AS builder
ARG PIP_INDEX_URL
ARG UV_DEFAULT_INDEX
WORKDIR /build

COPY locks/tools.txt locks/
RUN python -m venv tools \
 && tools/bin/python -m pip install --quiet --no-cache-dir --disable-pip-version-check \
    --require-hashes --only-binary :all: --requirement locks/tools.txt

# Tests, type stubs, C headers, example data and the languages that a library could colour are a tenth of the size of
# packages, and of no use to a gate.
# MLflow's client looks for a package inside of `databricks`, which must exist for that (locks/image-excludes.txt).
COPY locks/image.txt locks/
RUN python -m venv --without-pip /opt/mlval/venv \
 && tools/bin/uv pip install --quiet --no-cache --no-deps --python /opt/mlval/venv/bin/python \
    --require-hashes --only-binary :all: --requirement locks/image.txt \
 && find /opt/mlval/venv -depth -type d \( -name test -o -name tests -o -name include \) -exec rm -r {} + \
 && find /opt/mlval/venv -type f \( -name '*.pyi' -o -name '*.pxd' -o -name '*.pyx' -o -name '*.a' \) -delete \
 && rm -r /opt/mlval/venv/lib/python3.*/site-packages/sklearn/datasets/data \
    /opt/mlval/venv/lib/python3.*/site-packages/sklearn/datasets/images \
 && find /opt/mlval/venv/lib/python3.*/site-packages/pygments/lexers -name '*.py' ! -name __init__.py ! -name _mapping.py \
    ! -name python.py ! -name special.py -delete \
 && mkdir "$(echo /opt/mlval/venv/lib/python3.*/site-packages)/databricks"

# The package itself: its build backend comes from the developers' lock, its dependencies are there already.
COPY locks/dev.txt locks/
COPY pyproject.toml LICENSE README* ./
COPY schemas* schemas/
COPY mlval mlval/
RUN tools/bin/uv build --quiet --no-cache --wheel --require-hashes --build-constraints locks/dev.txt --out-dir dist . \
 && tools/bin/uv pip install --quiet --no-cache --python /opt/mlval/venv/bin/python --no-deps dist/*.whl \
 && /opt/mlval/venv/bin/python -m compileall -q -j 0 --invalidation-mode unchecked-hash /opt/mlval/venv/lib
COPY entrypoint.py /opt/mlval/

# --- the image ------------------------------------------------------------------------------------------

FROM ${PYTHON}
ARG VERSION
ARG REVISION
LABEL org.opencontainers.image.title="mlval" \
      org.opencontainers.image.description="A gate for machine learning changes: contract in, verdict out." \
      org.opencontainers.image.url="https://github.com/mlval/mlval" \
      org.opencontainers.image.source="https://github.com/mlval/mlval" \
      org.opencontainers.image.licenses="Apache-2.0" \
      org.opencontainers.image.version="${VERSION}" \
      org.opencontainers.image.revision="${REVISION}"

# Nothing in the image installs packages; the standard library is compiled, for containers start from nothing.
RUN python -m pip uninstall --quiet --yes --root-user-action=ignore pip \
 && lib="$(python -c 'import sysconfig; print(sysconfig.get_path("stdlib"))')" \
 && rm -rf "$lib/ensurepip" \
 && python -m compileall -q -j 0 -x '/(site-packages|test|idlelib|lib2to3|tkinter|turtledemo)/' "$lib"
COPY --from=builder /opt/mlval /opt/mlval
RUN ln -s /opt/mlval/venv/bin/mlval /usr/local/bin/mlval

# MLflow's client sends no usage data, and does not look for git.
ENV MLFLOW_DISABLE_TELEMETRY=true \
    GIT_PYTHON_REFRESH=quiet

# GitHub needs root and mounts the workspace over the working directory, so neither is set here. The interpreter
# is isolated and both paths are absolute: nothing in the workspace can stand in for a module.
ENTRYPOINT ["/opt/mlval/venv/bin/python", "-I", "/opt/mlval/entrypoint.py"]
