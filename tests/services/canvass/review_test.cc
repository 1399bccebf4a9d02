// Evidence against made-up work, and what people decide about it.
#include <gtest/gtest.h>

#include <memory>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "base/uuid.h"
#include "services/rpc/timestamp.h"
#include "snowfield/canvass/v1/review.grpc.pb.h"
#include "tests/services/canvass/field.h"

namespace snowfield::tests {
namespace {
using namespace canvass::v1;  // NOLINT(google-build-using-namespace): a test speaks the wire's language

constexpr double kDegreePerMeter = 1 / 111'195.0;  // of latitude

class Review : public testing::Test {
 protected:
  Review() : stub_(ReviewService::NewStub(field_.channel())) { field_.CheckOut(field_.phone); }

  // At its door, `minutes` after the beginning of the walk by both clocks, with this running number.
  Knock At(int door, int number, int minutes) {
    Knock knock = field_.Knock(door);
    knock.set_running_number(number);
    knock.set_monotonic_ms(60'000 * minutes);
    *knock.mutable_phone_time() = rpc::ToTimestamp(field_.clock.Now() - absl::Minutes(100 - minutes));
    knock.mutable_position()->set_longitude(-77.03 + door * 0.0002);
    knock.mutable_position()->set_latitude(38.9);
    return knock;
  }
  std::string FlagsOf(const Knock& knock) {
    std::string flags;
    const ListFlaggedKnocksResponse all = List(field_.leader_token, true);
    for (const FlaggedKnock& flagged : all.knocks()) {
      if (flagged.knock_id() != knock.knock_id()) continue;
      for (const Evidence& evidence : flagged.evidence()) {
        absl::StrAppend(&flags, flags.empty() ? "" : ",", evidence.flag());
        EXPECT_GT(evidence.measured(), evidence.limit());
      }
    }
    return flags;
  }
  ListFlaggedKnocksResponse List(const std::string& token, bool judged_too = false) {
    ListFlaggedKnocksRequest request;
    request.set_judged_too(judged_too);
    ListFlaggedKnocksResponse response;
    const grpc::Status status = stub_->ListFlaggedKnocks(field_.As(token).get(), request, &response);
    EXPECT_TRUE(status.ok()) << status.error_message();
    return response;
  }
  grpc::Status Judge(const Knock& knock, Verdict verdict, const std::string& token = "",
                     JudgeKnockResponse* response = nullptr, const std::string& reason = "seen from the street") {
    JudgeKnockRequest request;
    request.set_knock_id(knock.knock_id());
    request.set_verdict(verdict);
    request.set_reason(reason);
    JudgeKnockResponse ignored;
    return stub_->JudgeKnock(field_.As(token.empty() ? field_.leader_token : token).get(), request,
                             response == nullptr ? &ignored : response);
  }

  Field field_;
  std::unique_ptr<ReviewService::Stub> stub_;
};

TEST_F(Review, HonestWorkHasNothingAgainstIt) {
  std::vector<Knock> walk;
  for (int i = 0; i < Field::kDoorsOfFirstTurf; ++i) walk.push_back(At(i, i + 1, 3 * i));
  field_.Send(walk);
  EXPECT_EQ(field_.Count("select count(*) from knock_evidence"), 0);
}

TEST_F(Review, APositionFarFromTheDoorIsFlaggedBeyondItsAccuracy) {
  Knock far = At(0, 1, 0);
  far.mutable_position()->set_latitude(38.9 + 150 * kDegreePerMeter);
  far.set_accuracy_m(8);
  Knock vague = At(1, 10, 50);
  vague.mutable_position()->set_latitude(38.9 + 150 * kDegreePerMeter);
  vague.set_accuracy_m(60);
  Knock vaguer = At(2, 20, 90);
  vaguer.set_accuracy_m(900);
  Knock none = At(3, 30, 95);
  none.clear_position();
  none.clear_accuracy_m();
  for (const KnockAnswer& answer : field_.Send({far, vague, vaguer, none})) {
    EXPECT_EQ(answer.outcome(), KNOCK_OUTCOME_ACCEPTED);
    EXPECT_EQ(answer.flags_size(), 0) << "the phone is not told";
  }
  EXPECT_EQ(FlagsOf(far), "FAR_FROM_DOOR");
  EXPECT_EQ(FlagsOf(vague), "");
  EXPECT_EQ(FlagsOf(vaguer), "POSITION_VAGUE");
  EXPECT_EQ(FlagsOf(none), "");
}

// 86 m from door 0 to door 5, less twice 8 m of accuracy.
TEST_F(Review, SpeedIsMeasuredByThePhonesOwnCountWhateverArrivesFirst) {
  Knock first = At(0, 1, 0), second = At(5, 2, 0);
  second.set_monotonic_ms(5'000);
  Knock slow = At(0, 3, 10);
  field_.Send({second});
  EXPECT_EQ(FlagsOf(second), "");
  field_.Send({slow});
  EXPECT_EQ(FlagsOf(slow), "");
  field_.Send({first});
  EXPECT_EQ(FlagsOf(first), "TOO_FAST") << "the one that came later";
  EXPECT_EQ(FlagsOf(second), "");
}

TEST_F(Review, ClocksThatAreWrongAreFlagged) {
  Knock ahead = At(0, 1, 0);
  *ahead.mutable_phone_time() = rpc::ToTimestamp(field_.clock.Now() + absl::Hours(3));
  Knock behind = At(1, 2, 30);
  *behind.mutable_phone_time() = rpc::ToTimestamp(field_.clock.Now() - absl::Hours(24 * 400));
  behind.set_boot_id("another boot");
  Knock before = At(2, 3, 60);
  Knock backwards = At(3, 4, 70);
  *backwards.mutable_phone_time() = rpc::ToTimestamp(field_.clock.Now() - absl::Minutes(100 - 50));
  field_.Send({ahead, behind, before, backwards});
  EXPECT_EQ(FlagsOf(ahead), "CLOCK_AHEAD");
  EXPECT_EQ(FlagsOf(behind), "CLOCK_BEHIND");
  EXPECT_EQ(FlagsOf(before), "CLOCK_BACKWARDS") << "of a pair both are seen where they come together";
  EXPECT_EQ(FlagsOf(backwards), "CLOCK_BACKWARDS");
}

TEST_F(Review, LimitsAreTheCampaigns) {
  SetEvidenceLimitsRequest request;
  GetEvidenceLimitsResponse found;
  ASSERT_TRUE(stub_->GetEvidenceLimits(field_.As(field_.leader_token).get(), {}, &found).ok());
  EXPECT_EQ(found.limits().distance_m(), 100);
  *request.mutable_limits() = found.limits();
  request.mutable_limits()->set_distance_m(10);
  SetEvidenceLimitsResponse set;
  EXPECT_EQ(stub_->SetEvidenceLimits(field_.As(field_.leader_token).get(), request, &set).error_code(),
            grpc::StatusCode::PERMISSION_DENIED);
  ASSERT_TRUE(stub_->SetEvidenceLimits(field_.As(field_.campaign.owner_token).get(), request, &set).ok());
  EXPECT_EQ(set.limits().distance_m(), 10);
  Knock near = At(0, 1, 0);
  near.mutable_position()->set_latitude(38.9 + 30 * kDegreePerMeter);
  field_.Send({near});
  EXPECT_EQ(FlagsOf(near), "FAR_FROM_DOOR");
  request.mutable_limits()->set_speed_m_per_s(-1);
  const grpc::Status status = stub_->SetEvidenceLimits(field_.As(field_.campaign.owner_token).get(), request, &set);
  EXPECT_EQ(ReasonOf(status), "LIMIT_OUT_OF_RANGE");
  EXPECT_EQ(FieldOf(status), "limits.speed_m_per_s");
}

TEST_F(Review, AVoidedKnockStaysOnRecordAndCountsNoLonger) {
  const Knock honest = At(0, 1, 0);
  Knock made_up = field_.AskKnock(0, ASK_KIND_VOLUNTEER, ASK_ANSWER_YES);
  made_up.set_running_number(2);
  field_.Send({honest, made_up});
  DownloadWalkListRequest download;
  download.set_list_number(field_.lists[0]);
  DownloadWalkListResponse list;
  ASSERT_TRUE(field_.canvass().DownloadWalkList(field_.As(field_.phone).get(), download, &list).ok());
  EXPECT_EQ(list.doors(0).last_result(), KNOCK_RESULT_CANVASSED);
  JudgeKnockResponse judged;
  ASSERT_TRUE(Judge(made_up, VERDICT_VOIDED, "", &judged).ok());
  EXPECT_EQ(judged.follow_ups_closed(), 1);
  EXPECT_EQ(field_.Count("select count(*) from follow_up where state = 'dropped' and drop_reason = 'seen from the "
                         "street' and completed_by is not null"),
            1);
  EXPECT_EQ(field_.Count("select count(*) from knock"), 2) << "the record";
  EXPECT_EQ(field_.Count("select count(*) from audit_log where action = 'knock.void'"), 1);
  GetResultsResponse results;
  ASSERT_TRUE(field_.canvass().GetResults(field_.As(field_.campaign.owner_token).get(), {}, &results).ok());
  EXPECT_EQ(results.knocks(), 1);
  // Phones learn what the door is without it.
  ListChangesRequest changes;
  changes.set_change_token(list.change_token());
  ListChangesResponse news;
  ASSERT_TRUE(field_.canvass().ListChanges(field_.As(field_.phone).get(), changes, &news).ok());
  ASSERT_EQ(news.changes_size(), 1);
  EXPECT_EQ(news.changes(0).kind(), CHANGE_KIND_KNOCK);
  EXPECT_EQ(news.changes(0).result(), KNOCK_RESULT_NOT_HOME);
  // A resend is known; a second verdict is not taken.
  EXPECT_EQ(field_.Send({made_up})[0].outcome(), KNOCK_OUTCOME_DUPLICATE);
  ASSERT_TRUE(Judge(made_up, VERDICT_VOIDED, "", &judged).ok());
  EXPECT_EQ(judged.follow_ups_closed(), 0);
  EXPECT_EQ(ReasonOf(Judge(made_up, VERDICT_ACCEPTED)), "ALREADY_JUDGED");
}

TEST_F(Review, AnAcceptedKnockIsOffTheList) {
  Knock far = At(0, 1, 0);
  far.mutable_position()->set_latitude(38.9 + 400 * kDegreePerMeter);
  field_.Send({far});
  ASSERT_EQ(List(field_.leader_token).knocks_size(), 1);
  EXPECT_EQ(List(field_.leader_token).knocks(0).member_id(), field_.canvasser.value);
  ASSERT_TRUE(Judge(far, VERDICT_ACCEPTED).ok());
  EXPECT_EQ(List(field_.leader_token).knocks_size(), 0);
  const ListFlaggedKnocksResponse all = List(field_.leader_token, true);
  ASSERT_EQ(all.knocks_size(), 1);
  EXPECT_EQ(all.knocks(0).verdict(), VERDICT_ACCEPTED);
  EXPECT_EQ(all.knocks(0).judge_id(), field_.leader.value);
  EXPECT_EQ(all.knocks(0).reason(), "seen from the street");
}

TEST_F(Review, EachSeesAndJudgesTheirBranchAndNobodyTheirOwn) {
  Knock far = At(0, 1, 0);
  far.mutable_position()->set_latitude(38.9 + 400 * kDegreePerMeter);
  field_.Send({far});
  EXPECT_EQ(List(field_.other_leader_token).knocks_size(), 0);
  EXPECT_EQ(List(field_.campaign.owner_token).knocks_size(), 1);
  EXPECT_EQ(ReasonOf(Judge(far, VERDICT_VOIDED, field_.other_leader_token)), "NOT_YOUR_BRANCH");
  EXPECT_EQ(Judge(far, VERDICT_VOIDED, field_.phone).error_code(), grpc::StatusCode::PERMISSION_DENIED);
  const std::string phone_of_leader = field_.MakePhone(field_.leader);
  field_.CheckOut(phone_of_leader);
  const Knock own = At(1, 1, 0);
  field_.Send({own}, phone_of_leader);
  EXPECT_EQ(ReasonOf(Judge(own, VERDICT_ACCEPTED)), "OWN_KNOCK");
  EXPECT_TRUE(Judge(own, VERDICT_ACCEPTED, field_.campaign.owner_token).ok());
}

TEST_F(Review, SaysWhatAJudgementNeeds) {
  const Knock knock = At(0, 1, 0);
  field_.Send({knock});
  EXPECT_EQ(ReasonOf(Judge(knock, VERDICT_UNSPECIFIED)), "VERDICT_MISSING");
  EXPECT_EQ(ReasonOf(Judge(knock, VERDICT_VOIDED, "", nullptr, "")), "REASON_MISSING");
  EXPECT_EQ(ReasonOf(Judge(knock, VERDICT_VOIDED, "", nullptr, std::string(501, 'x'))), "TOO_LONG");
  EXPECT_EQ(Judge(At(0, 2, 0), VERDICT_VOIDED).error_code(), grpc::StatusCode::NOT_FOUND);
  Knock odd = knock;
  odd.set_knock_id("one");
  EXPECT_EQ(ReasonOf(Judge(odd, VERDICT_VOIDED)), "KNOCK_ID_INVALID");
}

}  // namespace
}  // namespace snowfield::tests
