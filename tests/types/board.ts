// What a board's JSON may hold, from the types that Grafana publishes for a version (@grafana/schema).
//
// The published types are strict in two ways that JSON need not be, and lax in one:
// - an enum is a type of its own: in JSON its value is a string or a number (`Json`);
// - a panel's `options` and `fieldConfig.defaults` are whole there: Grafana merges what a file leaves out from the
//   panel plugin's defaults when it loads a board (getPanelOptionsWithDefaults in @grafana/data; objects deeply,
//   lists not) (`Filled`);
// - `options`, `custom` and `properties` are records of anything: here they are those of the panel's kind.
import type * as grafana from "@grafana/schema";
import type * as bargauge from "composable/bargauge/panelcfg/x/BarGaugePanelCfg_types.gen";
import type * as heatmap from "composable/heatmap/panelcfg/x/HeatmapPanelCfg_types.gen";
import type * as stat from "composable/stat/panelcfg/x/StatPanelCfg_types.gen";
import type * as statetimeline from "composable/statetimeline/panelcfg/x/StateTimelinePanelCfg_types.gen";
import type * as table from "composable/table/panelcfg/x/TablePanelCfg_types.gen";
import type * as text from "composable/text/panelcfg/x/TextPanelCfg_types.gen";
import type * as timeseries from "composable/timeseries/panelcfg/x/TimeSeriesPanelCfg_types.gen";

type Json<T> = T extends string ? `${T}` : T extends object ? { [K in keyof T]: Json<T[K]> } : T;
type Filled<T> = T extends readonly unknown[] ? T : T extends object ? { [K in keyof T]?: Filled<T[K]> } : T;
type Optional<T, K extends keyof T> = Omit<T, K> & Partial<Pick<T, K>>;

// What @grafana/schema does not publish: Prometheus' part of a query, of an annotation and of a variable, as in
// packages/grafana-prometheus/src of Grafana (dataquery.ts, types.ts).
interface PrometheusQuery extends grafana.DataQuery {
  expr: string;
  legendFormat?: string;
  format?: "time_series" | "table" | "heatmap";
  instant?: boolean;
  range?: boolean;
  interval?: string;
}
interface PrometheusAnnotation extends Omit<grafana.AnnotationQuery, "target"> {
  expr: string;
  step?: string;
  titleFormat?: string;
}
interface Variable extends Omit<grafana.VariableModel, "query"> {
  query: string | { refId: string; query: string };
}

// Of a link to boards Grafana reads neither an icon (it draws "bars" or "apps") nor, where they are missing, a tooltip
// and a new tab: public/app/features/dashboard/components/SubMenu/DashboardLinksDashboard.tsx.
type Link =
  | grafana.DashboardLink
  | (Optional<grafana.DashboardLink, "icon" | "tooltip" | "targetBlank"> & { type: "dashboards" });

// Grafana fills in thresholds' mode, in overrides too (fixThresholds in @grafana/data).
type Thresholds = Optional<grafana.ThresholdsConfig, "mode">;
type Standard = Omit<grafana.FieldConfig, "custom" | "thresholds"> & { thresholds?: Thresholds };
type Values<T> = T[keyof T];
type Property<Fields, Prefix extends string> = Values<{
  [K in keyof Required<Fields> & string]: { id: `${Prefix}${K}`; value: NonNullable<Fields[K]> };
}>;
interface FieldConfig<Custom> {
  defaults: Standard & { custom?: Filled<Custom> };
  // defaultFieldConfigSource of @grafana/schema has an empty list.
  overrides?: Array<{ matcher: grafana.MatcherConfig; properties: Array<Property<Standard, ""> | Property<Custom, "custom.">> }>;
}
interface PanelOf<Kind extends string, Options, Custom>
  extends Omit<grafana.Panel, "type" | "options" | "fieldConfig" | "targets" | "links"> {
  type: Kind;
  options?: Filled<Options>;
  fieldConfig?: FieldConfig<Custom>;
  targets?: PrometheusQuery[];
  links?: PanelLink[];
}
// A panel's link has a URL only: the other keys are of links in a board's menu (getDataLinkUIModel reads what is there).
type PanelLink = Pick<grafana.DashboardLink, "title" | "url">;
// Up to 12.1 a table hides a column by one option, then by the other: each passes over the one that it does not know
// (applyFieldOverrides in @grafana/data: an override of no registered property is left out).
interface Hidden {
  hidden?: boolean;
  hideFrom?: grafana.HideSeriesConfig;
}
type Panel =
  | PanelOf<"bargauge", bargauge.Options, never>
  | PanelOf<"heatmap", heatmap.Options, heatmap.FieldConfig>
  | PanelOf<"stat", stat.Options, never>
  | PanelOf<"state-timeline", statetimeline.Options, statetimeline.FieldConfig>
  | PanelOf<"table", table.Options, table.FieldConfig & Hidden>
  | PanelOf<"text", text.Options, never>
  | PanelOf<"timeseries", timeseries.Options, timeseries.FieldConfig>;
// defaultRowPanel of @grafana/schema: open, and empty.
type Row = Optional<Omit<grafana.RowPanel, "panels">, "collapsed"> & { panels?: Panel[] };

export type Board = Json<
  Omit<grafana.Dashboard, "panels" | "annotations" | "templating" | "links"> & {
    links?: Link[];
    panels: Array<Panel | Row>;
    annotations?: { list: PrometheusAnnotation[] };
    templating: { list: Variable[] };
  }
>;
