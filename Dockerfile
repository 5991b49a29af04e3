# The collection in a container: `docker build -t ecosystem . && docker run --rm ecosystem`
FROM python:3.13-slim
RUN apt-get update -qq && apt-get install -y -qq --no-install-recommends git make \
    && rm -rf /var/lib/apt/lists/*
WORKDIR /collection
COPY . .
RUN make .venv/.ready
CMD ["make", "run"]
