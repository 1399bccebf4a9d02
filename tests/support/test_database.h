// TestDatabase: a migrated database of its own for one test.
//
// The first use in a test program starts an embedded cluster in a temporary folder and migrates a template; each
// TestDatabase is a clone of it, dropped at the end. A machine without PostgreSQL fails with the mend.
// Thread safety: construct and destroy on one thread; the pools may be used from any.
#pragma once

#include <memory>
#include <string>
#include <string_view>

#include "base/ids.h"
#include "db/pg/pool.h"

namespace snowfield::tests {

class TestDatabase {
 public:
  TestDatabase();
  ~TestDatabase();
  TestDatabase(const TestDatabase&) = delete;
  TestDatabase& operator=(const TestDatabase&) = delete;

  // Works as a server does: as role snowfield_app, under row-level security.
  db::Pool& pool() { return *pool_; }
  // Works as the cluster's superuser, whom no row-level security holds: to prepare and to look.
  db::Pool& superuser_pool() { return *superuser_pool_; }

  // For the login role that owns the schema, as `--database` would name it.
  const std::string& connection_string() const { return connection_string_; }
  const std::string& superuser_connection_string() const { return superuser_connection_string_; }

  // A campaign with its slots 1 to `span`, its change counter, and nothing else.
  base::CampaignId CreateCampaign(std::string_view name, int span = 8);

 private:
  std::string name_;
  std::string connection_string_;
  std::string superuser_connection_string_;
  std::unique_ptr<db::Pool> pool_;
  std::unique_ptr<db::Pool> superuser_pool_;
};

// An empty database of the test cluster, with PostGIS and without our schema: for tests of the migrations. Dropped when
// the cluster ends. Returns the owner's connection string.
std::string MakeEmptyDatabase();

// A folder that any account may enter, removed with all in it at the end of the test.
class TemporaryFolder {
 public:
  TemporaryFolder();
  // `prefix` is a path that gets six random characters.
  explicit TemporaryFolder(const std::string& prefix);
  ~TemporaryFolder();
  TemporaryFolder(const TemporaryFolder&) = delete;
  TemporaryFolder& operator=(const TemporaryFolder&) = delete;
  const std::string& path() const { return path_; }

 private:
  std::string path_;
};

}  // namespace snowfield::tests
