// PostgisBaselines: ST_ClusterKMeans for the turfs and pgRouting's pgr_TSP for the order in them, in a PostgreSQL
// cluster of their own that is thrown away.
// Thread safety: one thread at a time.
#pragma once

#include <memory>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "bench/geo/meter.h"
#include "geo/frame/frame.h"

namespace snowfield::bench {

// The doors of all stops; `boundary` is empty or as long as `places`.
struct ClusterInput {
  std::vector<geo::PointM> places;
  std::vector<int> doors;
  std::vector<int> boundary;
};

// The stops of one turf to put in order: ids and places, and the cost from each to each, row by row (may be empty).
struct OrderInput {
  std::vector<int> stops;
  std::vector<geo::PointM> places;
  std::vector<double> costs;
};

class PostgisBaselines {
 public:
  // Errors as of StartEmbedded: a machine without PostgreSQL or PostGIS.
  static absl::StatusOr<std::unique_ptr<PostgisBaselines>> Start();
  ~PostgisBaselines();

  bool has_routing() const { return has_routing_; }

  // Part of each stop; doors / target turfs over all, or in each boundary. The effort is that of the statement alone,
  // with the rows already in the table; its memory is the server process's.
  struct Clusters {
    std::vector<int> part;
    Effort effort;
  };
  absl::StatusOr<Clusters> ClusterKMeans(const ClusterInput& input, int target, bool each_boundary);

  // The turfs' stops in pgr_TSPeuclidean's order, or in pgr_TSP's by the costs given. Both give a round tour: it is
  // opened at its longest leg. Turfs of fewer than 3 stops stay as they are.
  struct Orders {
    std::vector<std::vector<int>> stops;
    Effort effort;
  };
  absl::StatusOr<Orders> OrderEuclidean(const std::vector<OrderInput>& turfs);
  absl::StatusOr<Orders> OrderByNetwork(const std::vector<OrderInput>& turfs);

 private:
  struct Server;
  explicit PostgisBaselines(std::unique_ptr<Server> server);
  absl::Status Load(const ClusterInput& input);
  absl::Status Load(const std::vector<OrderInput>& turfs, bool with_costs);
  absl::StatusOr<Orders> Order(const std::vector<OrderInput>& turfs, bool by_network);

  std::unique_ptr<Server> server_;
  bool has_routing_ = false;
};

}  // namespace snowfield::bench
