#include "bench/geo/postgis_baselines.h"

#include <algorithm>
#include <map>
#include <numeric>
#include <string>
#include <utility>

#include "absl/time/clock.h"
#include "base/status.h"
#include "bench/geo/postgis_statements.h"
#include "db/embedded/embedded_postgres.h"
#include "db/pg/connection.h"
#include "db/pg/copy.h"
#include "tests/support/test_database.h"

namespace snowfield::bench {
namespace {

constexpr absl::Duration kStatementTimeMax = absl::Hours(1);

// The tour without its longest leg, as positions in turf.stops.
std::vector<int> Open(const OrderInput& turf, std::vector<int> tour) {
  const size_t count = turf.stops.size();
  const auto cost = [&](int a, int b) {
    return turf.costs.empty() ? geo::DistanceM(turf.places[a], turf.places[b])
                              : turf.costs[static_cast<size_t>(a) * count + b];
  };
  size_t longest = 0;
  double most = -1;
  for (size_t i = 0; i < tour.size(); ++i) {
    const double leg = cost(tour[i], tour[(i + 1) % tour.size()]);
    if (leg > most) {
      most = leg;
      longest = i;
    }
  }
  std::rotate(tour.begin(), tour.begin() + static_cast<std::ptrdiff_t>((longest + 1) % tour.size()), tour.end());
  return tour;
}

}  // namespace

struct PostgisBaselines::Server {
  tests::TemporaryFolder folder;
  std::unique_ptr<db::EmbeddedPostgres> postgres;
  std::unique_ptr<db::Connection> connection;

  db::Patience patience() const { return {.deadline = absl::Now() + kStatementTimeMax}; }
  absl::Status Run(const char* script) const { return connection->RunScript(script, patience()).status(); }
};

PostgisBaselines::PostgisBaselines(std::unique_ptr<Server> server) : server_(std::move(server)) {}
PostgisBaselines::~PostgisBaselines() = default;

absl::StatusOr<std::unique_ptr<PostgisBaselines>> PostgisBaselines::Start() {
  auto server = std::make_unique<Server>();
  SNOWFIELD_ASSIGN_OR_RETURN(server->postgres, db::StartEmbedded({.data_folder = server->folder.path()}));
  SNOWFIELD_ASSIGN_OR_RETURN(
      server->connection,
      db::Connection::Open({.connection_string = server->postgres->SuperuserConnectionString("snowfield")}));
  SNOWFIELD_RETURN_IF_ERROR(server->Run(sql::kMakeTables));
  const bool has_routing = server->Run(sql::kMakeRouting).ok();
  std::unique_ptr<PostgisBaselines> baselines(new PostgisBaselines(std::move(server)));
  baselines->has_routing_ = has_routing;
  return baselines;
}

absl::Status PostgisBaselines::Load(const ClusterInput& input) {
  SNOWFIELD_RETURN_IF_ERROR(server_->Run(sql::kEmptyDoors));
  const db::Patience patience = server_->patience();
  SNOWFIELD_RETURN_IF_ERROR(server_->connection->StartCopyIn(sql::kCopyDoors, patience));
  db::CopyWriter writer(server_->connection.get(), &patience);
  int32_t door = 0;
  for (size_t i = 0; i < input.places.size(); ++i) {
    const int32_t boundary = input.boundary.empty() ? 0 : input.boundary[i];
    for (int d = 0; d < input.doors[i]; ++d) {
      writer.Row().Int32(door++).Int32(boundary).Double(input.places[i].x).Double(input.places[i].y);
      SNOWFIELD_RETURN_IF_ERROR(writer.EndRow());
    }
  }
  SNOWFIELD_RETURN_IF_ERROR(writer.Finish().status());
  return server_->Run(sql::kAnalyze);
}

absl::StatusOr<PostgisBaselines::Clusters> PostgisBaselines::ClusterKMeans(const ClusterInput& input, int target,
                                                                           bool each_boundary) {
  SNOWFIELD_RETURN_IF_ERROR(Load(input));
  std::vector<int> stop_of;
  for (size_t i = 0; i < input.doors.size(); ++i) stop_of.insert(stop_of.end(), input.doors[i], static_cast<int>(i));
  const int turfs = std::max(1, (static_cast<int>(stop_of.size()) + target / 2) / target);
  Clusters clusters;
  clusters.part.assign(input.places.size(), -1);
  std::map<std::pair<int, int>, int> part_of;  // boundary and cluster
  const Meter meter(server_->connection->BackendPid());
  SNOWFIELD_RETURN_IF_ERROR(server_->connection->Stream(
      each_boundary ? sql::kClusterEachBoundary : sql::kClusterAll, db::Params().Int32(each_boundary ? target : turfs),
      server_->patience(), [&](const db::Row& row) {
        const std::pair key(row.Int32(1), row.Int32(2));
        clusters.part[stop_of[row.Int32(0)]] = part_of.try_emplace(key, static_cast<int>(part_of.size())).first->second;
        return absl::OkStatus();
      }));
  clusters.effort = meter.Stop();
  return clusters;
}

absl::Status PostgisBaselines::Load(const std::vector<OrderInput>& turfs, bool with_costs) {
  SNOWFIELD_RETURN_IF_ERROR(server_->Run(sql::kEmptyTurfs));
  const db::Patience patience = server_->patience();
  SNOWFIELD_RETURN_IF_ERROR(server_->connection->StartCopyIn(with_costs ? sql::kCopyLegs : sql::kCopyStops, patience));
  db::CopyWriter writer(server_->connection.get(), &patience);
  for (int t = 0; t < static_cast<int>(turfs.size()); ++t) {
    const OrderInput& turf = turfs[t];
    const size_t count = turf.stops.size();
    if (count < 3) continue;
    for (size_t a = 0; a < count; ++a) {
      if (!with_costs) {
        writer.Row().Int32(t).Int64(static_cast<int64_t>(a) + 1).Double(turf.places[a].x).Double(turf.places[a].y);
        SNOWFIELD_RETURN_IF_ERROR(writer.EndRow());
      }
      for (size_t b = 0; with_costs && b < count; ++b) {
        if (a == b) continue;
        writer.Row().Int32(t).Int64(static_cast<int64_t>(a) + 1).Int64(static_cast<int64_t>(b) + 1);
        writer.Double(turf.costs[a * count + b]);
        SNOWFIELD_RETURN_IF_ERROR(writer.EndRow());
      }
    }
  }
  SNOWFIELD_RETURN_IF_ERROR(writer.Finish().status());
  return server_->Run(sql::kAnalyze);
}

absl::StatusOr<PostgisBaselines::Orders> PostgisBaselines::Order(const std::vector<OrderInput>& turfs,
                                                                 bool by_network) {
  SNOWFIELD_RETURN_IF_ERROR(Load(turfs, by_network));
  std::vector<std::vector<int>> tours(turfs.size());
  const Meter meter(server_->connection->BackendPid());
  SNOWFIELD_RETURN_IF_ERROR(server_->connection->Stream(by_network ? sql::kOrderByNetwork : sql::kOrderEuclidean,
                                                        db::Params(), server_->patience(), [&](const db::Row& row) {
                                                          tours[row.Int32(0)].push_back(static_cast<int>(row.Int64(1)) -
                                                                                        1);
                                                          return absl::OkStatus();
                                                        }));
  Orders orders{{}, meter.Stop()};
  for (size_t t = 0; t < turfs.size(); ++t) {
    std::vector<int>& tour = tours[t];
    if (tour.size() > 1 && tour.front() == tour.back()) tour.pop_back();
    if (tour.empty()) {
      tour.resize(turfs[t].stops.size());
      std::iota(tour.begin(), tour.end(), 0);
    }
    std::vector<int>& stops = orders.stops.emplace_back();
    for (const int position : Open(turfs[t], tour)) stops.push_back(turfs[t].stops[position]);
    if (stops.size() != turfs[t].stops.size()) return absl::InternalError("pgRouting's tour misses stops");
  }
  return orders;
}

absl::StatusOr<PostgisBaselines::Orders> PostgisBaselines::OrderEuclidean(const std::vector<OrderInput>& turfs) {
  return Order(turfs, false);
}
absl::StatusOr<PostgisBaselines::Orders> PostgisBaselines::OrderByNetwork(const std::vector<OrderInput>& turfs) {
  return Order(turfs, true);
}

}  // namespace snowfield::bench
