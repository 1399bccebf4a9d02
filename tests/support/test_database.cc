#include "tests/support/test_database.h"

#include <sys/stat.h>
#include <sys/statvfs.h>

#include <atomic>
#include <chrono>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <filesystem>

#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "base/status.h"
#include "db/embedded/cluster_files.h"
#include "db/embedded/embedded_postgres.h"
#include "db/migrate/migrate.h"
#include "db/pg/connection.h"

namespace snowfield::tests {
namespace {
namespace fs = std::filesystem;

constexpr int kTestConnectionsMax = 70;

// A test without its database can't say anything, so it ends at once with the mend.
void RequireOk(const absl::Status& status, const char* what) {
  if (status.ok()) return;
  std::fprintf(stderr, "\n%s: %s\n", what, status.ToString().c_str());
  std::_Exit(1);
}

template <typename T>
T Require(absl::StatusOr<T> value, const char* what) {
  RequireOk(value.status(), what);
  return *std::move(value);
}

// In memory a clone takes 30 ms, on a disk 400 ms. A container's /dev/shm may be too small for it.
std::string ClusterPrefix() {
  constexpr uint64_t kBytesMin = uint64_t{1} << 30;
  struct statvfs space = {};
  const bool has_room = statvfs("/dev/shm", &space) == 0 && uint64_t{space.f_bavail} * space.f_frsize >= kBytesMin;
  return (has_room ? fs::path("/dev/shm") : fs::temp_directory_path()) / "snowfield-cluster-";
}

// Takes away what crashed test programs have left: clusters that nobody holds and that are no longer being made.
std::string WithoutAbandoned(const std::string& prefix) {
  std::error_code ignored;
  for (const auto& entry : fs::directory_iterator(fs::path(prefix).parent_path(), ignored)) {
    const bool is_recent = fs::file_time_type::clock::now() - entry.last_write_time(ignored) < std::chrono::minutes(10);
    if (!entry.path().string().starts_with(prefix) || is_recent) continue;
    const auto lock = db::FolderLock::Take(entry.path());
    if (lock.ok()) fs::remove_all(entry.path(), ignored);
  }
  return prefix;
}

// One per test program; stopped and removed by the destructor of the static.
class TestCluster {
 public:
  static TestCluster& Get() {
    static TestCluster cluster;
    return cluster;
  }

  std::string MakeDatabase(const std::string& template_name) {
    static std::atomic<int> count = 0;
    const std::string name = absl::StrCat("test_", ++count);
    Execute(absl::StrCat("create database ", name, " owner snowfield template ", template_name, " strategy file_copy"));
    return name;
  }
  void DropDatabase(const std::string& name) { Execute(absl::StrCat("drop database ", name, " with (force)")); }

  std::string Superuser(const std::string& database) { return postgres_->SuperuserConnectionString(database); }
  std::string Owner(const std::string& database) {
    return absl::StrCat(postgres_->ConnectionString(), " dbname=", database);
  }

 private:
  TestCluster()
      : postgres_(Require(db::StartEmbedded({.data_folder = folder_.path(), .fast_and_unsafe = true}), "test cluster")),
        server_(Require(db::Connection::Open({.connection_string = Superuser("postgres")}), "test cluster")) {
    Execute("create database migrated owner snowfield template snowfield");
    Require(db::Migrate(Owner("migrated")), "migrating the template");
  }

  void Execute(const std::string& sql) {
    RequireOk(server_->RunScript(sql, {.deadline = absl::Now() + absl::Minutes(1)}).status(), sql.c_str());
  }

  TemporaryFolder folder_{WithoutAbandoned(ClusterPrefix())};
  std::unique_ptr<db::EmbeddedPostgres> postgres_;
  std::unique_ptr<db::Connection> server_;
};

const db::Query kInsertCampaign = {"test_database.insert_campaign",
                                   "insert into campaign (name, span) values ($1, $2) returning campaign_id"};
const db::Query kInsertSlots = {
    "test_database.insert_slots",
    "insert into campaign_slot (campaign_id, slot) select $1, slot from generate_series(1, $2) as slot"};
const db::Query kInsertCounter = {"test_database.insert_counter",
                                  "insert into change_counter (campaign_id) values ($1)"};
}  // namespace

TestDatabase::TestDatabase()
    : name_(TestCluster::Get().MakeDatabase("migrated")),
      connection_string_(TestCluster::Get().Owner(name_)),
      superuser_connection_string_(TestCluster::Get().Superuser(name_)),
      pool_(Require(
          db::Pool::Open({.connection_string = connection_string_, .connection_count_max = kTestConnectionsMax}),
          "test pool")),
      superuser_pool_(Require(db::Pool::Open({.connection_string = superuser_connection_string_, .role = ""}),
                              "superuser's test pool")) {}

TestDatabase::~TestDatabase() {
  pool_.reset();
  superuser_pool_.reset();
  TestCluster::Get().DropDatabase(name_);
}

base::CampaignId TestDatabase::CreateCampaign(std::string_view name, int span) {
  db::Transaction transaction = Require(superuser_pool_->Begin({}), "campaign");
  const db::Result row = Require(transaction.Run(kInsertCampaign, db::Params().Text(name).Int32(span)), "campaign");
  const auto campaign = row[0].Id<base::CampaignId>(0);
  Require(transaction.Run(kInsertSlots, db::Params().Id(campaign).Int32(span)), "slots");
  Require(transaction.Run(kInsertCounter, db::Params().Id(campaign)), "change counter");
  RequireOk(transaction.Commit(), "campaign");
  return campaign;
}

std::string MakeEmptyDatabase() { return TestCluster::Get().Owner(TestCluster::Get().MakeDatabase("snowfield")); }

TemporaryFolder::TemporaryFolder() : TemporaryFolder(fs::temp_directory_path() / "snowfield-test-") {}

TemporaryFolder::TemporaryFolder(const std::string& prefix) : path_(prefix + "XXXXXX") {
  if (mkdtemp(path_.data()) == nullptr || chmod(path_.c_str(), 0755) != 0) {
    std::perror(path_.c_str());
    std::_Exit(1);
  }
}

TemporaryFolder::~TemporaryFolder() {
  std::error_code ignored;
  fs::remove_all(path_, ignored);
}

}  // namespace snowfield::tests
