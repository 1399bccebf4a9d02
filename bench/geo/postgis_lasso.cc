#include "bench/geo/postgis_lasso.h"

#include <chrono>
#include <utility>

#include "absl/time/clock.h"
#include "base/status.h"
#include "db/embedded/embedded_postgres.h"
#include "db/pg/connection.h"
#include "db/pg/copy.h"
#include "geo/geos/geometry.h"
#include "tests/support/test_database.h"

namespace snowfield::bench {
namespace {

constexpr absl::Duration kStatementTimeMax = absl::Hours(1);
constexpr char kMakeTable[] = R"sql(
  create extension if not exists postgis;
  create table lasso_door (door int not null, position geometry(Point, 4326) not null);
)sql";
constexpr db::Query kCopy = {"bench.copy_lasso_doors", "copy lasso_door (door, position) from stdin (format binary)"};
constexpr char kMakeIndex[] = R"sql(
  create index lasso_door_by_place on lasso_door using gist (position);
  vacuum analyze lasso_door;
)sql";
constexpr db::Query kSelect = {"bench.select_lasso",
                               "select door from lasso_door where st_covers($1::geometry, position)"};

}  // namespace

struct PostgisLasso::Server {
  tests::TemporaryFolder folder;
  std::unique_ptr<db::EmbeddedPostgres> postgres;
  std::unique_ptr<db::Connection> connection;

  db::Patience patience() const { return {.deadline = absl::Now() + kStatementTimeMax}; }
};

PostgisLasso::PostgisLasso(std::unique_ptr<Server> server) : server_(std::move(server)) {}
PostgisLasso::~PostgisLasso() = default;

absl::StatusOr<std::unique_ptr<PostgisLasso>> PostgisLasso::Load(const std::vector<geo::LonLat>& doors) {
  auto server = std::make_unique<Server>();
  SNOWFIELD_ASSIGN_OR_RETURN(server->postgres, db::StartEmbedded({.data_folder = server->folder.path()}));
  SNOWFIELD_ASSIGN_OR_RETURN(
      server->connection,
      db::Connection::Open({.connection_string = server->postgres->SuperuserConnectionString("snowfield")}));
  const db::Patience patience = server->patience();
  SNOWFIELD_RETURN_IF_ERROR(server->connection->RunScript(kMakeTable, patience).status());
  SNOWFIELD_RETURN_IF_ERROR(server->connection->StartCopyIn(kCopy, patience));
  db::CopyWriter writer(server->connection.get(), &patience);
  for (size_t i = 0; i < doors.size(); ++i) {
    SNOWFIELD_ASSIGN_OR_RETURN(const std::string point, geo::PointToEwkb(doors[i]));
    SNOWFIELD_RETURN_IF_ERROR(writer.Row().Int32(static_cast<int32_t>(i)).Ewkb(point).EndRow());
  }
  SNOWFIELD_RETURN_IF_ERROR(writer.Finish().status());
  // VACUUM stands alone: one statement a script.
  const std::string script = kMakeIndex;
  const size_t middle = script.find("vacuum");
  SNOWFIELD_RETURN_IF_ERROR(server->connection->RunScript(script.substr(0, middle), patience).status());
  SNOWFIELD_RETURN_IF_ERROR(server->connection->RunScript(script.substr(middle), patience).status());
  return std::unique_ptr<PostgisLasso>(new PostgisLasso(std::move(server)));
}

absl::StatusOr<PostgisLasso::Answer> PostgisLasso::Select(const std::string& ewkb) {
  Answer answer;
  const auto start = std::chrono::steady_clock::now();
  SNOWFIELD_ASSIGN_OR_RETURN(const db::Result result,
                             server_->connection->Run(kSelect, db::Params().Ewkb(ewkb), server_->patience()));
  answer.milliseconds = std::chrono::duration<double, std::milli>(std::chrono::steady_clock::now() - start).count();
  answer.doors = result.row_count();
  return answer;
}

}  // namespace snowfield::bench
