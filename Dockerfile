# A node of any role, the identity provider and the commands: which of them it is, docker-compose.yml says by its command.
FROM node:22.20.0-alpine3.22 AS build
WORKDIR /karvan
COPY package.json package-lock.json .npmrc ./
COPY infra/no-telemetry infra/no-telemetry
RUN npm ci
COPY . .
RUN npm run build && find dist -name '*.map' -delete

# What only a laptop needs, PostgreSQL itself, is optional to its package, and stays out with everything that compiles and tests.
FROM node:22.20.0-alpine3.22 AS packages
WORKDIR /karvan
COPY package.json package-lock.json .npmrc ./
COPY infra/no-telemetry infra/no-telemetry
RUN npm ci --omit=dev --omit=optional && find node_modules \( -name '*.map' -o -name '*.d.ts' -o -name '*.md' \) -delete

FROM node:22.20.0-alpine3.22
ENV NODE_ENV=production
WORKDIR /karvan
# A named volume takes over the owner of the folder that it covers.
RUN mkdir -p keys data && chown node:node keys data
COPY --from=packages /karvan/node_modules node_modules
COPY --from=build /karvan/dist dist
COPY package.json ./
COPY infra/no-telemetry infra/no-telemetry
COPY scripts/run.mjs scripts/
COPY corridors corridors
USER node
ENTRYPOINT ["node"]
