// KnockWorld: a campaign with many walk lists and phones, on a durable PostgreSQL of its own and a real server.
//
// Lists of 45 doors on a grid of streets, two people behind each door, one leader for every eight lists, one phone for
// each list. What phones say is seeded and has plausible shares; the number of rows that a knock makes is known.
// Thread safety: after it is made, from any thread.
#pragma once

#include <memory>
#include <random>
#include <string>
#include <vector>

#include "base/ids.h"
#include "db/embedded/embedded_postgres.h"
#include "db/pg/pool.h"
#include "services/server/server.h"
#include "snowfield/canvass/v1/canvass.grpc.pb.h"
#include "tests/support/test_database.h"

namespace snowfield::bench {

// Ends the program with what went wrong.
void Require(const absl::Status& status);
void Require(const grpc::Status& status);
template <typename T>
T Require(absl::StatusOr<T> value) {
  Require(value.status());
  return *std::move(value);
}

inline constexpr int kDoorsPerList = 45;

struct WorldList {
  std::string number;
  base::WalkListId walk_list;
  std::vector<int64_t> doors;
  std::vector<int64_t> people;  // of door i: 2i and 2i + 1
  base::MemberId leader;
};

struct WorldPhone {
  base::PhoneId phone;
  base::MemberId member;
  std::string token;
};

class KnockWorld {
 public:
  // `list_count` lists, and as many phones.
  explicit KnockWorld(int list_count);

  const std::vector<WorldList>& lists() const { return lists_; }
  // Phone i is of the team that has list i.
  const std::vector<WorldPhone>& phones() const { return phones_; }
  base::CampaignId campaign() const { return campaign_; }

  // As the owner of everything, whom no row-level security holds.
  db::Pool& superuser_pool() { return *superuser_; }
  int64_t Number(const std::string& sql);
  void Analyze() { Execute("analyze"); }

  // A connection of its own.
  std::shared_ptr<grpc::Channel> NewChannel() const;
  static std::unique_ptr<grpc::ClientContext> As(const WorldPhone& phone);
  void StopServer() { server_->Stop(); }

 private:
  void Execute(const std::string& sql);
  void MakeGround(int list_count);
  void MakeLists(int list_count);

  tests::TemporaryFolder folder_;
  std::unique_ptr<db::EmbeddedPostgres> postgres_;
  std::unique_ptr<db::Pool> superuser_;
  std::unique_ptr<db::Pool> pool_;
  base::CampaignId campaign_;
  std::vector<WorldList> lists_;
  std::vector<WorldPhone> phones_;
  std::unique_ptr<server::Server> server_;
};

// A knock at door `door` of the list: 62 % not home; 25 % a conversation with an answer and an ask, of which one in
// five gives a follow-up; 5 % come back, which gives one too; 2 in 1,000 a do-not-contact.
canvass::v1::Knock MakeKnock(const WorldList& list, int door, std::mt19937_64& random);

}  // namespace snowfield::bench
