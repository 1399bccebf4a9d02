// A server and its PostgreSQL are killed at random moments under load, again and again. After each: every knock that
// was acknowledged is there once, every follow-up matches its knock, and each phone's view equals the server's.
//   SNOWFIELD_FAULT_ROUNDS=50 SNOWFIELD_FAULT_SEED=7 fault_kill_test
#include <grpcpp/channel.h>
#include <grpcpp/create_channel.h>
#include <grpcpp/security/credentials.h>
#include <gtest/gtest.h>

#include <atomic>
#include <cstdio>
#include <cstdlib>
#include <map>
#include <memory>
#include <random>
#include <string>
#include <thread>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "base/uuid.h"
#include "db/pg/connection.h"
#include "db/pg/pool.h"
#include "snowfield/canvass/v1/canvass.grpc.pb.h"
#include "tests/fault/server_process.h"
#include "tests/support/knock_ground.h"
#include "tests/support/test_database.h"

namespace snowfield::tests {
namespace {
namespace pb = canvass::v1;

constexpr int kPhones = 8;
constexpr int kKnocksPerBatchMax = 40;
constexpr absl::Duration kCallTime = absl::Seconds(10);
constexpr absl::Duration kSilenceMax = absl::Minutes(2);

uint64_t Environment(const char* name, uint64_t otherwise) {
  const char* text = std::getenv(name);
  return text == nullptr ? otherwise : std::strtoull(text, nullptr, 10);
}

// A phone that keeps its knocks until they are answered, and its view of its list by download and changes.
class Phone {
 public:
  Phone(const GroundPhone& phone, const GroundList& list, std::string address, uint64_t seed)
      : phone_(phone), list_(list), address_(std::move(address)), random_(seed) {
    Connect();
  }

  // Makes knocks and sends them, batch by batch, until told to stop and everything is answered; gives up when the
  // server does not come back.
  void Run(const std::atomic<bool>& stop) {
    absl::Time last_answer = absl::Now();
    while (!stop || !outbox_.empty()) {
      ASSERT_LT(absl::Now() - last_answer, kSilenceMax) << "the server is gone";
      if (outbox_.empty()) MakeKnocks();
      if (SendOnce() && ReadOnce()) {
        last_answer = absl::Now();
      } else {
        absl::SleepFor(absl::Milliseconds(50 + random_() % 200));
        Connect();
      }
    }
  }

  // Whether what the phone holds is what a fresh download says.
  void ExpectViewOfServer() {
    for (int tries = 0; !ReadOnce(); ++tries) {
      ASSERT_LT(tries, 100) << "the changes can't be read";
      absl::SleepFor(absl::Milliseconds(50));
    }
    pb::DownloadWalkListResponse fresh;
    ASSERT_TRUE(Download(&fresh).ok());
    for (const pb::ListDoor& door : fresh.doors()) {
      EXPECT_EQ(view_[door.door_id()], door.last_result()) << "door " << door.sequence() << " of list " << list_.number;
    }
  }

  const std::vector<std::string>& made() const { return made_; }
  int64_t acknowledged() const { return acknowledged_; }

 private:
  void Connect() {
    grpc::ChannelArguments arguments;
    arguments.SetInt(GRPC_ARG_USE_LOCAL_SUBCHANNEL_POOL, 1);
    arguments.SetInt(GRPC_ARG_MAX_RECONNECT_BACKOFF_MS, 200);
    stub_ =
        pb::CanvassService::NewStub(grpc::CreateCustomChannel(address_, grpc::InsecureChannelCredentials(), arguments));
  }
  std::unique_ptr<grpc::ClientContext> As() const {
    auto context = std::make_unique<grpc::ClientContext>();
    context->set_deadline(std::chrono::system_clock::now() + absl::ToChronoMilliseconds(kCallTime));
    context->AddMetadata("authorization", absl::StrCat("Bearer ", phone_.token));
    return context;
  }

  void MakeKnocks() {
    const int count = 1 + static_cast<int>(random_() % kKnocksPerBatchMax);
    for (int i = 0; i < count; ++i) {
      pb::Knock knock = MakeKnock(list_, static_cast<int>(random_() % kDoorsPerList), random_);
      // Whom not to contact depends on who is first; that is another test's.
      if (knock.result() == pb::KNOCK_RESULT_DO_NOT_CONTACT) knock.set_result(pb::KNOCK_RESULT_MOVED);
      knock.set_running_number(++running_number_);
      made_.push_back(knock.knock_id());
      *outbox_.add_knocks() = std::move(knock);
    }
  }

  bool SendOnce() {
    pb::SendKnocksResponse response;
    if (!stub_->SendKnocks(As().get(), outbox_.request(), &response).ok()) return false;
    for (const pb::KnockAnswer& answer : response.answers()) {
      EXPECT_TRUE(answer.outcome() == pb::KNOCK_OUTCOME_ACCEPTED || answer.outcome() == pb::KNOCK_OUTCOME_DUPLICATE)
          << answer.ShortDebugString();
      ++acknowledged_;
    }
    outbox_.Clear();
    return true;
  }

  grpc::Status Download(pb::DownloadWalkListResponse* list) {
    pb::DownloadWalkListRequest request;
    request.set_list_number(list_.number);
    return stub_->DownloadWalkList(As().get(), request, list);
  }

  bool ReadOnce() {
    if (token_.empty()) {
      pb::DownloadWalkListResponse list;
      if (!Download(&list).ok()) return false;
      for (const pb::ListDoor& door : list.doors()) view_[door.door_id()] = door.last_result();
      token_ = list.change_token();
      return true;
    }
    pb::ListChangesResponse response;
    do {
      pb::ListChangesRequest request;
      request.set_change_token(token_);
      if (!stub_->ListChanges(As().get(), request, &response).ok()) return false;
      for (const pb::Change& change : response.changes()) {
        if (change.kind() == pb::CHANGE_KIND_KNOCK) view_[change.door_id()] = change.result();
      }
      token_ = response.change_token();
    } while (response.more());
    return true;
  }

  // A SendKnocksRequest that can be asked whether it is empty.
  class Outbox {
   public:
    bool empty() const { return request_.knocks().empty(); }
    pb::Knock* add_knocks() { return request_.add_knocks(); }
    const google::protobuf::RepeatedPtrField<pb::Knock>& knocks() const { return request_.knocks(); }
    const pb::SendKnocksRequest& request() const { return request_; }
    void Clear() { request_.Clear(); }

   private:
    pb::SendKnocksRequest request_;
  };

  const GroundPhone& phone_;
  const GroundList& list_;
  const std::string address_;
  std::mt19937_64 random_;
  std::unique_ptr<pb::CanvassService::Stub> stub_;
  Outbox outbox_;
  std::vector<std::string> made_;
  int64_t acknowledged_ = 0;
  int64_t running_number_ = 0;
  std::string token_;
  std::map<int64_t, pb::KnockResult> view_;
};

class Kill : public testing::Test {
 protected:
  Kill() : server_(folder_.path()) {
    server_.Start();
    ground_ = std::make_unique<KnockGround>(server_.SuperuserConnectionString(), kPhones);
  }

  int64_t Count(const std::string& sql) {
    auto connection = db::Connection::Open({.connection_string = server_.SuperuserConnectionString()});
    EXPECT_TRUE(connection.ok()) << connection.status();
    if (!connection.ok()) return -1;
    const std::string name = absl::StrCat("fault.", ++statements_);
    const auto result =
        (*connection)->Run({name.c_str(), sql.c_str()}, {}, {.deadline = absl::Now() + absl::Minutes(1)});
    EXPECT_TRUE(result.ok()) << result.status();
    return result.ok() ? (*result)[0].Int64(0) : -1;
  }

  // What must hold whatever was killed.
  void ExpectSound(std::vector<std::unique_ptr<Phone>>& phones) {
    size_t made = 0;
    std::string ids;
    for (const auto& phone : phones) {
      made += phone->made().size();
      EXPECT_EQ(phone->acknowledged(), static_cast<int64_t>(phone->made().size()));
      for (const std::string& id : phone->made()) absl::StrAppend(&ids, ids.empty() ? "'" : ",'", id, "'");
      phone->ExpectViewOfServer();
    }
    EXPECT_EQ(Count(absl::StrCat("select count(*) from knock where knock_id in (", ids, ")")),
              static_cast<int64_t>(made))
        << "every knock is there once";
    EXPECT_EQ(Count("select count(*) from knock k where (result = 4 or exists (select from knock_ask a where "
                    "a.knock_id = k.knock_id and a.ask = 1 and a.answer = 1)) and not exists (select from follow_up f "
                    "where f.knock_id = k.knock_id)"),
              0)
        << "no follow-up is missing";
    EXPECT_EQ(Count("select count(*) from follow_up f join knock k on k.knock_id = f.knock_id join follow_up_rule r on "
                    "r.rule_id = f.rule_id where r.when_result not in (0, k.result) or f.door_id <> k.door_id"),
              0)
        << "no follow-up is of another knock";
    EXPECT_EQ(Count("select count(*) from change where kind = 'knock'"), Count("select count(*) from knock"));
    EXPECT_EQ(Count("select max(change_number) from change"), Count("select last_change from change_counter"));
    EXPECT_EQ(Count("select count(*) from knock where result = 1") - Count("select count(distinct knock_id) from "
                                                                           "knock_response"),
              0)
        << "no knock without its answers";
  }

  TemporaryFolder folder_;
  ServerProcess server_;
  std::unique_ptr<KnockGround> ground_;
  int statements_ = 0;
};

TEST_F(Kill, OfServerDatabaseOrBothLosesNothingThatWasAcknowledged) {
  const uint64_t rounds = Environment("SNOWFIELD_FAULT_ROUNDS", 3);
  const uint64_t seed = Environment("SNOWFIELD_FAULT_SEED", std::random_device()());
  std::setvbuf(stdout, nullptr, _IOLBF, 0);
  std::printf("SNOWFIELD_FAULT_SEED=%llu replays\n", static_cast<unsigned long long>(seed));
  std::mt19937_64 random(seed);
  std::vector<std::unique_ptr<Phone>> phones;
  for (int p = 0; p < kPhones; ++p) {
    phones.push_back(
        std::make_unique<Phone>(ground_->phones()[p], ground_->lists()[p], server_.address(), seed + 100 + p));
  }
  for (uint64_t round = 0; round < rounds && !HasFailure(); ++round) {
    std::atomic<bool> stop = false;
    std::vector<std::thread> threads;
    for (const auto& phone : phones) threads.emplace_back([&stop, &phone] { phone->Run(stop); });
    absl::SleepFor(absl::Milliseconds(200 + random() % 1500));
    const char* const names[] = {"server", "database", "both"};
    const uint64_t what = random() % 3;
    if (what == 0) server_.KillServer();
    if (what == 1) server_.KillDatabase();
    if (what != 0) absl::SleepFor(absl::Milliseconds(what == 1 ? random() % 500 : 0));
    server_.KillAll();
    server_.Start();
    absl::SleepFor(absl::Milliseconds(random() % 500));
    stop = true;
    for (std::thread& thread : threads) thread.join();
    ExpectSound(phones);
    std::printf("round %llu: killed the %s; %lld knocks are there once\n", static_cast<unsigned long long>(round + 1),
                names[what], static_cast<long long>(Count("select count(*) from knock")));
  }
}

}  // namespace
}  // namespace snowfield::tests
