// All SQL of the cutting benchmark: what a campaign without an engine of its own would type.
// Thread safety: constants.
#pragma once

#include "db/pg/query.h"

namespace snowfield::bench::sql {

// A door a row, plane metres; the stops of a turf; what it costs to walk between two of them.
inline constexpr char kMakeTables[] = R"sql(
  create table door (door int primary key, boundary int not null, x float8 not null, y float8 not null);
  create table turf_stop (turf int not null, stop bigint not null, x float8 not null, y float8 not null);
  create index on turf_stop (turf);
  create table turf_leg (turf int not null, start_vid bigint not null, end_vid bigint not null,
                         agg_cost float8 not null);
  create index on turf_leg (turf);
)sql";

inline constexpr char kMakeRouting[] = "create extension if not exists pgrouting cascade";
inline constexpr char kEmptyDoors[] = "truncate door";
inline constexpr char kEmptyTurfs[] = "truncate turf_stop, turf_leg";
inline constexpr char kAnalyze[] = "analyze";

inline constexpr db::Query kCopyDoors = {"bench.copy_doors",
                                         "copy door (door, boundary, x, y) from stdin (format binary)"};
inline constexpr db::Query kCopyStops = {"bench.copy_stops",
                                         "copy turf_stop (turf, stop, x, y) from stdin (format binary)"};
inline constexpr db::Query kCopyLegs = {
    "bench.copy_legs", "copy turf_leg (turf, start_vid, end_vid, agg_cost) from stdin (format binary)"};

// $1: how many turfs.
inline constexpr db::Query kClusterAll = {
    "bench.cluster_all", "select door, 0 as boundary, st_clusterkmeans(st_point(x, y), $1) over () from door"};

// $1: doors a turf.
inline constexpr db::Query kClusterEachBoundary = {"bench.cluster_each_boundary", R"sql(
  select door, boundary, st_clusterkmeans(st_point(x, y), turfs) over (partition by boundary)
    from (select door, boundary, x, y,
                 greatest(1, round(count(*) over (partition by boundary) / $1::float8))::int as turfs
            from door) as counted)sql"};

inline constexpr db::Query kOrderEuclidean = {"bench.order_euclidean", R"sql(
  select t.turf, r.node
    from (select distinct turf from turf_stop) as t
   cross join lateral pgr_tspeuclidean(
           format('select stop as id, x, y from turf_stop where turf = %s', t.turf)) as r
   order by t.turf, r.seq)sql"};

inline constexpr db::Query kOrderByNetwork = {"bench.order_by_network", R"sql(
  select t.turf, r.node
    from (select distinct turf from turf_leg) as t
   cross join lateral pgr_tsp(
           format('select start_vid, end_vid, agg_cost from turf_leg where turf = %s', t.turf)) as r
   order by t.turf, r.seq)sql"};

}  // namespace snowfield::bench::sql
