// KnockWorld: a KnockGround on a durable PostgreSQL of its own, behind a real server.
// Thread safety: after it is made, from any thread.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "db/embedded/embedded_postgres.h"
#include "db/pg/pool.h"
#include "services/server/server.h"
#include "snowfield/canvass/v1/canvass.grpc.pb.h"
#include "tests/support/knock_ground.h"
#include "tests/support/test_database.h"

namespace snowfield::bench {

using tests::GroundList;
using tests::GroundPhone;
using tests::kDoorsPerList;
using tests::MakeKnock;

// Ends the program with what went wrong.
void Require(const absl::Status& status);
void Require(const grpc::Status& status);
template <typename T>
T Require(absl::StatusOr<T> value) {
  Require(value.status());
  return *std::move(value);
}

class KnockWorld {
 public:
  // `list_count` lists, and as many phones.
  explicit KnockWorld(int list_count);

  const std::vector<GroundList>& lists() const { return ground_->lists(); }
  const std::vector<GroundPhone>& phones() const { return ground_->phones(); }
  base::CampaignId campaign() const { return ground_->campaign(); }

  // As the owner of everything, whom no row-level security holds.
  db::Pool& superuser_pool() { return *superuser_; }
  int64_t Number(const std::string& sql);
  void Analyze();

  // A connection of its own.
  std::shared_ptr<grpc::Channel> NewChannel() const;
  static std::unique_ptr<grpc::ClientContext> As(const GroundPhone& phone);

 private:
  tests::TemporaryFolder folder_;
  std::unique_ptr<db::EmbeddedPostgres> postgres_;
  std::unique_ptr<db::Pool> superuser_;
  std::unique_ptr<db::Pool> pool_;
  std::unique_ptr<tests::KnockGround> ground_;
  std::unique_ptr<server::Server> server_;
};

}  // namespace snowfield::bench
