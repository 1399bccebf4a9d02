// Every order of arrival: what happens to one door, in all permutations, on the real database. Whatever comes first,
// the same is true in the end. What may differ is said: marks of lateness, and work that was made and then dropped,
// where another order never made it.
#include <gtest/gtest.h>

#include <algorithm>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "base/list_number.h"
#include "db/store/change_store.h"
#include "services/rpc/timestamp.h"
#include "snowfield/canvass/v1/review.grpc.pb.h"
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
    MakeNextCut();
  }

  // As at the beginning: both phones of the team have the list, nothing has happened.
  void Reset() {
    field_.Execute("truncate knock, knock_response, knock_ask, knock_conflict, change, follow_up, checkout cascade");
    UndoRecut();
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
    on_paper_ = at(field_.AskKnock(0, ASK_KIND_VOLUNTEER, ASK_ANSWER_NO), 45);
    on_paper_.clear_running_number();
    on_paper_.clear_boot_id();
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

  // Another cut of the pass is live, in whose one turf the door is; the lists of the old one end, as PublishCut does
  // it.
  void Recut() {
    const std::string campaign = absl::StrCat(field_.campaign.campaign.value);
    MakeLive(next_cut_, field_.cut_id);
    Revoke();
    field_.Execute(
        absl::StrCat("insert into walk_list (campaign_id, turf_id, leader_id, list_number, "
                     "replaces_walk_list_id) select ",
                     campaign, ", turf_id, ", field_.leader.value, ", '", next_list_, "', ", list_id_,
                     " from turf where cut_id = ", next_cut_));
  }
  void UndoRecut() {
    field_.Execute(absl::StrCat("delete from walk_list where list_number = '", next_list_, "'"));
    MakeLive(field_.cut_id, next_cut_);
  }
  void MakeLive(int64_t cut, int64_t other) {
    field_.Execute(absl::StrCat("update turf set live = false where cut_id = ", other));
    field_.Execute(absl::StrCat("update cut set state = 'superseded' where cut_id = ", other));
    field_.Execute(absl::StrCat("update cut set state = 'published' where cut_id = ", cut));
    field_.Execute(absl::StrCat("update turf set live = true where cut_id = ", cut));
  }
  // A cut of the same pass that is not live yet.
  void MakeNextCut() {
    const std::string campaign = absl::StrCat(field_.campaign.campaign.value);
    next_cut_ = field_.Count(absl::StrCat(
        "with made as (insert into cut (campaign_id, pass_id, state, target_doors, min_doors, max_doors, seed) select ",
        campaign, ", pass_id, 'superseded', 9, 1, 9, 2 from cut returning cut_id) select cut_id from made"));
    field_.Execute(absl::StrCat(
        "insert into turf (campaign_id, cut_id, pass_id, number, door_count, walk_length_m, area, walk) select ",
        campaign, ", ", next_cut_, ", pass_id, 1, 9, 120, area, walk from turf where cut_id = ", field_.cut_id,
        " and number = 1"));
    field_.Execute(absl::StrCat(
        "insert into turf_door (campaign_id, cut_id, door_id, turf_id, pass_id, live, sequence) select d.campaign_id, ",
        next_cut_,
        ", d.door_id, t.turf_id, d.pass_id, false, row_number() over (order by d.door_id) from turf_door d, turf t "
        "where d.cut_id = ",
        field_.cut_id, " and t.cut_id = ", next_cut_));
  }

  // What someone above says of a knock; one that has not come yet can't be judged, and is judged when it has.
  void Judge(const Knock& knock, Verdict verdict) {
    JudgeKnockRequest request;
    request.set_knock_id(knock.knock_id());
    request.set_verdict(verdict);
    request.set_reason("seen from the street");
    JudgeKnockResponse response;
    const grpc::Status status = review_->JudgeKnock(field_.As(field_.campaign.owner_token).get(), request, &response);
    if (status.error_code() == grpc::StatusCode::NOT_FOUND) {
      to_judge_.push_back({knock, verdict});
    } else {
      EXPECT_TRUE(status.ok()) << status.error_message();
    }
  }
  void JudgeWaiting() {
    const auto waiting = std::exchange(to_judge_, {});
    for (const auto& [knock, verdict] : waiting) Judge(knock, verdict);
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
        count("select count(*) from person where do_not_contact"), "knocks told ",
        // After a re-cut, to the list that was walked and to the one that has the door now.
        count("select count(distinct knock_id) from change where kind = 'knock'"), "revoked ",
        count("select count(*) from change where kind = 'list_revoked'"), "judged ",
        count("select count(*) from knock_judgement"), "open work of a voided knock ",
        count("select count(*) from follow_up f join knock_judgement j using (campaign_id, knock_id) where f.state = "
              "'open' and j.verdict = 'voided'"),
        "current lists ", count("select count(*) from walk_list where revoke_time is null"));
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
        JudgeWaiting();
      }
      for (int i = 0; i < 3; ++i) SendWaiting();
      JudgeWaiting();
      ASSERT_TRUE(waiting_.empty() && to_judge_.empty());
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

  Event Recutted() {
    return {"re-cut", [this] { Recut(); }};
  }
  Event Voided() {
    return {"void", [this] { Judge(first_, VERDICT_VOIDED); }};
  }
  // The same door on a sheet of paper, keyed when the clerk comes to it: another knock, without a running number.
  Event Keyed() {
    return {"paper entry", [this] { Send(on_paper_, mate_); }};
  }

  Field field_;
  const std::unique_ptr<ReviewService::Stub> review_ = ReviewService::NewStub(field_.channel());
  const std::string next_list_ = base::MakeListNumber(77);
  int64_t next_cut_ = 0;
  const std::string mate_;
  int64_t list_id_ = 0;
  Knock first_, correction_, of_mate_, undo_, stop_, on_paper_;
  std::vector<std::pair<Knock, std::string>> waiting_;
  std::vector<std::pair<Knock, Verdict>> to_judge_;
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

TEST_F(Orders, OfAKnockItsResendItsCorrectionARecutAndAHandOver) {
  ExpectOrderDoesNotMatter({Knocked(), Resent(), Corrected(), Recutted(), HandedOver()});
}

TEST_F(Orders, OfAKnockTheSameDoorOnPaperACorrectionAVoidAndARecut) {
  ExpectOrderDoesNotMatter({Knocked(), Keyed(), Corrected(), Voided(), Recutted()});
}

TEST_F(Orders, OfAKnockItsResendAVoidARevocationAndAHandOver) {
  ExpectOrderDoesNotMatter({Knocked(), Resent(), Voided(), Revoked(), HandedOver()});
}

TEST_F(Orders, OfAKnockTheSameDoorOnPaperADoNotContactAVoidAndARecut) {
  ExpectOrderDoesNotMatter({Knocked(), Keyed(), Stopped(), Voided(), Recutted()});
}

TEST_F(Orders, OfKnocksADoNotContactARevocationAndAHandOver) {
  ExpectOrderDoesNotMatter({Knocked(), MateKnocked(), Stopped(), Revoked(), HandedOver()});
}

}  // namespace
}  // namespace snowfield::tests
