// PostgisLasso: the lasso as a campaign without an engine of its own would ask for it: doors in a table of PostGIS with
// an index, and ST_Covers.
// Thread safety: one thread.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "geo/frame/frame.h"

namespace snowfield::bench {

class PostgisLasso {
 public:
  // Starts a cluster and loads the doors, by their place in the list. Fails on a machine without PostgreSQL.
  static absl::StatusOr<std::unique_ptr<PostgisLasso>> Load(const std::vector<geo::LonLat>& doors);
  ~PostgisLasso();

  // How many doors the polygon (EWKB, SRID 4326) holds, and what the statement took on the wall; the ids are fetched.
  struct Answer {
    int doors = 0;
    double milliseconds = 0;
  };
  absl::StatusOr<Answer> Select(const std::string& ewkb);

 private:
  struct Server;
  explicit PostgisLasso(std::unique_ptr<Server> server);
  std::unique_ptr<Server> server_;
};

}  // namespace snowfield::bench
