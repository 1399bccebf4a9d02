// Every order of arrival: what happens to one door, in all permutations, on the real database. Whatever comes first,
// the same is true in the end. What may differ is said: marks of lateness, and work that was made and then dropped,
// where another order never made it.
#include <gtest/gtest.h>

#include <algorithm>
#include <functional>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "db/store/change_store.h"
#include "services/rpc/timestamp.h"
#include "tests/services/canvass/field.h"

namespace snowfield::tests {
namespace {
using namespace canvass::v1;  // NOLINT(google-build-using-namespace): a test speaks the wire's language

struct Event {
  const char* name;
  std::function<void()> happen;
};

class Orders : public testing::Test {
 protected:
  Orders() : mate_(field_.MakePhone(field_.leader)) {
    list_id_ =
        field_.Count(absl::StrCat("select walk_list_id from walk_list where list_number = '", field_.lists[0], "'"));
  }

  // As at the beginning: both phones of the team have the list, nothing has happened.
  void Reset() {
    field_.Execute("truncate knock, knock_response, knock_ask, knock_conflict, change, follow_up, checkout cascade");
    field_.Execute("update walk_list set revoke_time = null");
    field_.Execute("update door set do_not_contact = false");
    field_.Execute("update person set do_not_contact = false");
    waiting_.clear();
    field_.CheckOut(field_.phone);
    field_.CheckOut(mate_);
    MakeKnocks();
  }

  // Times are of the phones, so the order in which things were done is always the same.
  void MakeKnocks() {
    const auto at = [&](Knock knock, int minutes_ago) {
      *knock.mutable_phone_time() = rpc::ToTimestamp(field_.clock.Now() - absl::Minutes(minutes_ago));
      return knock;
    };
    first_ = at(field_.AskKnock(0, ASK_KIND_VOLUNTEER, ASK_ANSWER_YES), 50);
    correction_ = at(field_.AskKnock(0, ASK_KIND_HOST_MEETING, ASK_ANSWER_YES), 40);
    correction_.set_corrects_knock_id(first_.knock_id());
    of_mate_ = at(field_.Knock(0), 30);
    of_mate_.set_result(KNOCK_RESULT_COME_BACK);
    undo_ = at(field_.Knock(0), 20);
    undo_.clear_result();
    undo_.set_undo(true);
    undo_.set_corrects_knock_id(of_mate_.knock_id());
    stop_ = at(field_.Knock(0), 10);
    stop_.set_result(KNOCK_RESULT_DO_NOT_CONTACT);
  }

  // As a phone does: what can't be taken yet is sent again later.
  void Send(const Knock& knock, const std::string& token) {
    const KnockAnswer answer = field_.Send({knock}, token)[0];
    if (answer.reason() == "CORRECTS_UNKNOWN") {
      waiting_.push_back({knock, token});
    } else {
      EXPECT_TRUE(answer.outcome() == KNOCK_OUTCOME_ACCEPTED || answer.outcome() == KNOCK_OUTCOME_DUPLICATE)
          << answer.ShortDebugString();
    }
  }
  void SendWaiting() {
    const auto waiting = std::exchange(waiting_, {});
    for (const auto& [knock, token] : waiting) Send(knock, token);
  }

  void Revoke() {
    field_.Execute(absl::StrCat("update walk_list set revoke_time = now() where walk_list_id = ", list_id_));
    auto transaction = field_.database.pool().Begin({.campaign = field_.campaign.campaign});
    ASSERT_TRUE(transaction.ok());
    ASSERT_TRUE(db::AppendChanges(*transaction,
                                  {{.kind = db::ChangeKind::kListRevoked, .walk_list = base::WalkListId(list_id_)}})
                    .ok());
    ASSERT_TRUE(transaction->Commit().ok());
  }
  // The team mate's phone takes the list over; where it is revoked already, there is nothing to take.
  void HandOver() {
    CheckOutWalkListRequest request;
    request.set_list_number(field_.lists[0]);
    request.set_take_over(true);
    CheckOutWalkListResponse response;
    const grpc::Status status = field_.canvass().CheckOutWalkList(field_.As(mate_).get(), request, &response);
    EXPECT_TRUE(status.ok() || ReasonOf(status) == "LIST_REVOKED") << status.error_message();
  }

  // All that must not hang on the order.
  std::string FinalState() {
    const auto count = [&](const std::string& sql) { return absl::StrCat(field_.Count(sql), "; "); };
    return absl::StrCat(
        "knocks ", count("select count(*) from knock"), "conflicts ", count("select count(*) from knock_conflict"),
        "standing ", count("select count(*) from standing_knock"), "door is ",
        count("select coalesce((select result from standing_knock order by knock_time desc limit 1), 0)::bigint"),
        "open work ", count("select count(*) from follow_up where state = 'open'"), "open by rule ",
        count("select coalesce(sum(rule_id), 0)::bigint from follow_up where state = 'open'"), "doors stopped ",
        count("select count(*) from door where do_not_contact"), "people stopped ",
        count("select count(*) from person where do_not_contact"), "changes at the door ",
        count("select count(*) from change where kind = 'knock'"), "revoked ",
        count("select count(*) from change where kind = 'list_revoked'"));
  }

  // Each order gives the state of the first one.
  void ExpectOrderDoesNotMatter(std::vector<Event> events) {
    std::string expected;
    std::vector<int> order(events.size());
    for (size_t i = 0; i < order.size(); ++i) order[i] = static_cast<int>(i);
    int orders = 0;
    do {
      Reset();
      for (const int i : order) {
        events[i].happen();
        SendWaiting();
      }
      for (int i = 0; i < 3; ++i) SendWaiting();
      ASSERT_TRUE(waiting_.empty());
      const std::string state = FinalState();
      if (orders++ == 0) expected = state;
      ASSERT_EQ(state, expected) << absl::StrJoin(
          order, ", ", [&](std::string* out, int i) { absl::StrAppend(out, events[i].name); });
    } while (std::next_permutation(order.begin(), order.end()));
    std::printf("%d orders end in: %s\n", orders, expected.c_str());
  }

  Event Knocked() {
    return {"knock", [this] { Send(first_, field_.phone); }};
  }
  Event Resent() {
    return {"resend", [this] { Send(first_, field_.phone); }};
  }
  Event Corrected() {
    return {"correct", [this] { Send(correction_, field_.phone); }};
  }
  Event MateKnocked() {
    return {"team mate's knock", [this] { Send(of_mate_, mate_); }};
  }
  Event MateUndid() {
    return {"undo of it", [this] { Send(undo_, mate_); }};
  }
  Event Stopped() {
    return {"do not contact", [this] { Send(stop_, field_.phone); }};
  }
  Event Revoked() {
    return {"revoke", [this] { Revoke(); }};
  }
  Event HandedOver() {
    return {"hand over", [this] { HandOver(); }};
  }

  Field field_;
  const std::string mate_;
  int64_t list_id_ = 0;
  Knock first_, correction_, of_mate_, undo_, stop_;
  std::vector<std::pair<Knock, std::string>> waiting_;
};

TEST_F(Orders, OfKnocksResendsCorrectionsAndWithdrawals) {
  ExpectOrderDoesNotMatter({Knocked(), Resent(), Corrected(), MateKnocked(), MateUndid()});
}

TEST_F(Orders, OfKnocksACorrectionAndADoNotContact) {
  ExpectOrderDoesNotMatter({Knocked(), Corrected(), MateKnocked(), MateUndid(), Stopped()});
}

TEST_F(Orders, OfKnocksARevocationAndAHandOver) {
  ExpectOrderDoesNotMatter({Knocked(), Corrected(), MateKnocked(), Revoked(), HandedOver()});
}

TEST_F(Orders, OfKnocksADoNotContactARevocationAndAHandOver) {
  ExpectOrderDoesNotMatter({Knocked(), MateKnocked(), Stopped(), Revoked(), HandedOver()});
}

}  // namespace
}  // namespace snowfield::tests
