// Reports: what is counted, by turf, branch, canvasser, day and pass; and who sees which.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <map>
#include <string>

#include "absl/strings/str_cat.h"
#include "services/rpc/timestamp.h"
#include "snowfield/canvass/v1/report.grpc.pb.h"
#include "tests/services/canvass/field.h"

namespace snowfield::tests {
namespace {
using namespace canvass::v1;  // NOLINT(google-build-using-namespace): a test speaks the wire's language

// Leader 1 has doors 0 to 5 on turf 1, leader 2 doors 6 to 8 on turf 2.
class Reports : public testing::Test {
 protected:
  Reports() {
    field_.CheckOut(field_.phone);
    field_.CheckOut(field_.other_phone, 2);
    reports_ = ReportService::NewStub(field_.channel());
  }

  // The rows, or the reason of what is wrong.
  std::string Get(GetReportRequest request, const std::string& token = "") {
    rows_.clear();
    do {
      GetReportResponse response;
      const grpc::Status status =
          reports_->GetReport(field_.As(token.empty() ? field_.campaign.owner_token : token).get(), request, &response);
      if (!status.ok()) return ReasonOf(status);
      rows_.insert(rows_.end(), response.rows().begin(), response.rows().end());
      request.set_page_token(response.next_page_token());
    } while (!request.page_token().empty());
    return "";
  }
  static GetReportRequest By(ReportBy by) {
    GetReportRequest request;
    request.set_by(by);
    return request;
  }
  const ReportRow& RowOf(base::MemberId member) {
    for (const ReportRow& row : rows_) {
      if (row.member_id() == member.value) return row;
    }
    ADD_FAILURE() << "no row of " << member.value;
    return rows_.at(0);
  }
  // A conversation at a door, with the answer of its first person.
  Knock Talk(int door, const std::string& support) {
    Knock knock = field_.AskKnock(door, ASK_KIND_VOLUNTEER, ASK_ANSWER_YES);
    KnockResponse& response = *knock.add_responses();
    response.set_person_id(field_.people[2 * door]);
    response.set_question("support");
    response.set_answer(support);
    return knock;
  }

  Field field_;
  std::unique_ptr<ReportService::Stub> reports_;
  std::vector<ReportRow> rows_;
};

TEST_F(Reports, CountWhatStandsByTurf) {
  Knock wrong = Talk(0, "5");
  Knock right = Talk(0, "2");
  right.set_corrects_knock_id(wrong.knock_id());
  field_.Send({wrong, right, field_.Knock(1), field_.Knock(1), Talk(2, "2")});
  field_.Send({field_.Knock(7)}, field_.other_phone);
  ASSERT_EQ(Get(By(REPORT_BY_TURF)), "");
  ASSERT_EQ(rows_.size(), 2);
  const ReportRow& first = RowOf(field_.leader);
  EXPECT_EQ(first.turf_number(), 1);
  EXPECT_EQ(first.doors(), Field::kDoorsOfFirstTurf);
  EXPECT_EQ(first.attempts(), 4) << "what was corrected is not counted";
  EXPECT_EQ(first.doors_knocked(), 3);
  EXPECT_EQ(first.contacts(), 2);
  ASSERT_EQ(first.support_size(), 1);
  EXPECT_EQ(first.support(0).answer(), "2");
  EXPECT_EQ(first.support(0).people(), 2);
  ASSERT_EQ(first.asks_size(), 1);
  EXPECT_EQ(first.asks(0).ask(), ASK_KIND_VOLUNTEER);
  EXPECT_EQ(first.asks(0).yes(), 2);
  EXPECT_EQ(first.follow_ups_made(), 2);
  EXPECT_EQ(first.follow_ups_done(), 0);
  EXPECT_EQ(first.follow_ups_late(), 0);
  EXPECT_EQ(RowOf(field_.other_leader).attempts(), 1);

  field_.clock.Advance(absl::Hours(24 * 30));
  ASSERT_EQ(Get(By(REPORT_BY_TURF)), "");
  EXPECT_EQ(RowOf(field_.leader).follow_ups_late(), 2);
}

TEST_F(Reports, TurfsThatNobodyHasWalkedHaveARowOfNothing) {
  ASSERT_EQ(Get(By(REPORT_BY_TURF)), "");
  ASSERT_EQ(rows_.size(), 2);
  EXPECT_EQ(rows_[0].attempts(), 0);
  EXPECT_EQ(rows_[0].doors(), Field::kDoorsOfFirstTurf);
  ASSERT_EQ(Get(By(REPORT_BY_DAY)), "");
  EXPECT_TRUE(rows_.empty());
}

TEST_F(Reports, BranchesCanvassersAndPassesAreEachTheSum) {
  field_.Send({field_.Knock(0), Talk(1, "1")});
  field_.Send({field_.Knock(7)}, field_.other_phone);
  ASSERT_EQ(Get(By(REPORT_BY_BRANCH)), "");
  EXPECT_EQ(RowOf(field_.leader).attempts(), 2);
  EXPECT_EQ(RowOf(field_.leader).doors(), Field::kDoorsOfFirstTurf);
  EXPECT_EQ(RowOf(field_.other_leader).attempts(), 1);
  ASSERT_EQ(Get(By(REPORT_BY_CANVASSER)), "");
  EXPECT_EQ(RowOf(field_.canvasser).attempts(), 2);
  EXPECT_EQ(RowOf(field_.canvasser).doors(), 0);
  ASSERT_EQ(Get(By(REPORT_BY_PASS)), "");
  ASSERT_EQ(rows_.size(), 1);
  EXPECT_NE(rows_[0].pass_name(), "");
  EXPECT_EQ(rows_[0].attempts(), 3);
  EXPECT_EQ(rows_[0].doors(), Field::kDoors);
}

TEST_F(Reports, HoursAreFromOneKnockToTheNextWhereThatIsSoon) {
  const absl::Time start = field_.clock.Now() - absl::Hours(5);
  std::vector<Knock> knocks;
  for (const int minute : {0, 6, 12, 120, 126}) {  // a long pause between the third and the fourth
    Knock& knock = knocks.emplace_back(field_.Knock(static_cast<int>(knocks.size())));
    *knock.mutable_phone_time() = rpc::ToTimestamp(start + absl::Minutes(minute));
  }
  field_.Send(knocks);
  ASSERT_EQ(Get(By(REPORT_BY_CANVASSER)), "");
  EXPECT_NEAR(RowOf(field_.canvasser).hours(), 0.3, 0.001);
  EXPECT_EQ(RowOf(field_.canvasser).attempts_timed(), 3);
}

TEST_F(Reports, DaysAreTheCampaignsAndTimesAreHeld) {
  field_.Execute("update campaign set time_zone = 'Pacific/Auckland'");
  const absl::Time noon =
      absl::FromCivil(absl::ToCivilDay(field_.clock.Now(), absl::UTCTimeZone()), absl::UTCTimeZone()) - absl::Hours(12);
  Knock early = field_.Knock(0), late = field_.Knock(1);
  *early.mutable_phone_time() = rpc::ToTimestamp(noon - absl::Hours(2));
  *late.mutable_phone_time() = rpc::ToTimestamp(noon + absl::Hours(2));  // past midnight in Auckland
  field_.Send({early, late});
  ASSERT_EQ(Get(By(REPORT_BY_DAY)), "");
  ASSERT_EQ(rows_.size(), 2);
  EXPECT_EQ(rows_[0].day(), absl::FormatTime("%Y-%m-%d", noon, absl::UTCTimeZone()));
  EXPECT_EQ(rows_[1].day(), absl::FormatTime("%Y-%m-%d", noon + absl::Hours(24), absl::UTCTimeZone()));
  GetReportRequest request = By(REPORT_BY_DAY);
  *request.mutable_from() = rpc::ToTimestamp(noon);
  ASSERT_EQ(Get(request), "");
  EXPECT_EQ(rows_.size(), 1);
  request = By(REPORT_BY_DAY);
  request.set_page_size(1);
  ASSERT_EQ(Get(request), "");
  EXPECT_EQ(rows_.size(), 2) << "page by page";
}

TEST_F(Reports, WhoIsHeldToABranchSeesItsListsAlone) {
  field_.Send({field_.Knock(0)});
  field_.Send({field_.Knock(7)}, field_.other_phone);
  ASSERT_EQ(Get(By(REPORT_BY_TURF), field_.leader_token), "");
  ASSERT_EQ(rows_.size(), 1);
  EXPECT_EQ(rows_[0].member_id(), field_.leader.value);
  GetReportRequest request = By(REPORT_BY_BRANCH);
  request.set_member_id(field_.other_leader.value);
  EXPECT_EQ(Get(request, field_.leader_token), "NOT_YOUR_BRANCH");
  EXPECT_EQ(Get(By(REPORT_BY_TURF), field_.phone), "PERMISSION_MISSING");
}

TEST_F(Reports, WhatIsAskedWrongIsSaid) {
  EXPECT_EQ(Get(GetReportRequest()), "REPORT_BY_MISSING");
  GetReportRequest request = By(REPORT_BY_DAY);
  request.set_cut_id(999'999);
  EXPECT_EQ(Get(request), "NOT_FOUND");
  request = By(REPORT_BY_DAY);
  *request.mutable_to() = rpc::ToTimestamp(absl::FromUnixSeconds(0));
  *request.mutable_from() = rpc::ToTimestamp(absl::FromUnixSeconds(5));
  EXPECT_EQ(Get(request), "TIME_SPAN_INVALID");
}

}  // namespace
}  // namespace snowfield::tests
