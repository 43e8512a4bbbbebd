// The spec of a board in Grafana's schema v2, from the types that Grafana publishes.
import type { Spec } from "schema-v2";

export type Board = Spec;
