// Roll-ups equal the recursive count, whatever came in and whoever moved meanwhile.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <atomic>
#include <random>
#include <thread>

#include "absl/strings/str_cat.h"
#include "base/uuid.h"
#include "db/pg/run_in_transaction.h"
#include "services/organizing/fold_tallies.h"
#include "services/organizing/organizing_service.h"
#include "services/organizing/organizing_work.h"
#include "snowfield/organizing/v1/organizing.grpc.pb.h"
#include "tests/services/canvass/field.h"
#include "tests/support/test_server.h"

namespace snowfield::organizing {
namespace {

// Counts from the knocks, members and follow-ups themselves, up the tree; how many members' figures differ from it.
constexpr char kDiffering[] = R"sql(
  with recursive said as (
    select k.member_id, count(*) as doors, count(*) filter (where k.result = 1) as contacts,
      sum((select count(*) from knock_response r where r.knock_id = k.knock_id and r.question = 'support'
           and r.answer in ('1', '2'))) as supporters,
      sum((select count(*) from knock_ask a where a.knock_id = k.knock_id and a.ask = 1 and a.answer = 1)) as volunteers
    from knock k
    where k.result <> 0 and not exists (select from knock c where c.corrects_knock_id = k.knock_id)
    group by k.member_id),
  own as (
    select m.member_id, (m.leave_time is null)::int as members,
      exists (select from member b where b.leader_id = m.member_id)::int as leaders,
      coalesce(s.doors, 0) as doors, coalesce(s.contacts, 0) as contacts, coalesce(s.supporters, 0) as supporters,
      coalesce(s.volunteers, 0) as volunteers,
      (select count(*) from follow_up f where f.owner_id = m.member_id and f.state = 'open' and f.due_time < now())
        as overdue
    from member m left join said s on s.member_id = m.member_id),
  up (origin, member_id, next) as (
    select member_id, member_id, coalesce(leader_id, left_leader_id) from member
    union all
    select u.origin, m.member_id, coalesce(m.leader_id, m.left_leader_id) from up u join member m on m.member_id = u.next),
  expected as (
    select u.member_id, sum(o.members) as members, sum(o.leaders) as leaders, sum(o.doors) as doors,
      sum(o.contacts) as contacts, sum(o.supporters) as supporters, sum(o.volunteers) as volunteers,
      sum(o.overdue) as overdue
    from up u join own o on o.member_id = u.origin group by u.member_id)
  select count(*) from expected e
  left join member_tally t on t.member_id = e.member_id
  left join own o on o.member_id = e.member_id
  where (e.members, e.leaders, e.doors, e.contacts, e.supporters, e.volunteers, e.overdue) is distinct from
    (coalesce(t.branch_members, 0), coalesce(t.branch_leaders, 0), coalesce(t.branch_doors, 0),
     coalesce(t.branch_contacts, 0), coalesce(t.branch_supporters, 0), coalesce(t.branch_volunteers, 0),
     coalesce(t.branch_overdue, 0))
    or (o.doors, o.contacts, o.members, o.leaders, o.overdue) is distinct from
      (coalesce(t.doors, 0), coalesce(t.contacts, 0), coalesce(t.members, 0), coalesce(t.leaders, 0),
       coalesce(t.overdue, 0))
    or o.doors <> coalesce((select sum(d.doors) from member_day d where d.member_id = e.member_id), 0))sql";

class RollUpsTest : public ::testing::Test {
 protected:
  RollUpsTest()
      : server_(field_.database, {"snowfield.organizing.v1.OrganizingService"},
                [&](const access::Gate& gate) {
                  return tests::OneService(std::make_unique<OrganizingService>(gate, &field_.database.pool()));
                }),
        stub_(v1::OrganizingService::NewStub(server_.channel())) {
    field_.CheckOut(field_.phone);
    field_.CheckOut(field_.other_phone, 2);
  }

  std::unique_ptr<grpc::ClientContext> As(const std::string& token = "") const {
    return server_.As(token.empty() ? field_.campaign.owner_token : token);
  }
  bool Fold(absl::Time now = absl::Now()) {
    const auto folded =
        db::RunInTransaction(field_.database.pool(), {.campaign = field_.campaign.campaign},
                             [&](db::Transaction& transaction) { return FoldTallies(transaction, now); });
    EXPECT_TRUE(folded.ok()) << folded.status();
    return folded.ok() && *folded;
  }
  v1::GetRollUpResponse RollUp(base::MemberId member = base::MemberId()) {
    v1::GetRollUpRequest request;
    request.set_member_id(member.value);
    v1::GetRollUpResponse response;
    const grpc::Status status = stub_->GetRollUp(As().get(), request, &response);
    EXPECT_TRUE(status.ok()) << status.error_message();
    return response;
  }
  canvass::v1::Knock Talk(int door, const std::string& support) {
    canvass::v1::Knock knock = field_.AskKnock(door, canvass::v1::ASK_KIND_VOLUNTEER, canvass::v1::ASK_ANSWER_YES);
    auto& response = *knock.add_responses();
    response.set_person_id(field_.people[2 * door]);
    response.set_question("support");
    response.set_answer(support);
    return knock;
  }

  tests::Field field_;
  tests::TestServer server_;
  std::unique_ptr<v1::OrganizingService::Stub> stub_;
};

TEST_F(RollUpsTest, CountsEachKnockOnceUpTheWholeBranch) {
  field_.Send({Talk(0, "1"), Talk(1, "4"), field_.Knock(2)});
  field_.Send({field_.Knock(7)}, field_.other_phone);
  ASSERT_TRUE(Fold());
  EXPECT_FALSE(Fold()) << "nothing new";
  const auto all = RollUp();
  EXPECT_EQ(all.top().member_id(), field_.campaign.owner.value);
  EXPECT_EQ(all.top().own().doors(), 0);
  EXPECT_EQ(all.top().branch().doors(), 4);
  EXPECT_EQ(all.top().branch().contacts(), 2);
  EXPECT_EQ(all.top().branch().supporters_identified(), 1);
  EXPECT_EQ(all.top().branch().volunteers_recruited(), 2);
  EXPECT_EQ(all.top().branch().members(), 5);
  EXPECT_EQ(all.top().branch().leaders(), 3);
  EXPECT_TRUE(all.has_as_of_time());
  ASSERT_EQ(all.team_size(), 2);
  EXPECT_EQ(all.team(0).branch().doors(), 3);
  EXPECT_EQ(all.team(1).branch().doors(), 1);
  EXPECT_EQ(RollUp(field_.canvasser).top().own().doors(), 3);
  EXPECT_EQ(field_.Count(kDiffering), 0);
}

TEST_F(RollUpsTest, ACorrectionTakesBackWhatItCorrectsOnce) {
  const canvass::v1::Knock first = Talk(0, "1");
  field_.Send({first});
  ASSERT_TRUE(Fold());
  // Corrected twice over: the two corrections count, what they correct doesn't; one of them in the same fold as a
  // correction of itself.
  canvass::v1::Knock second = field_.Knock(0), third = field_.Knock(0), fourth = field_.Knock(0);
  second.set_corrects_knock_id(first.knock_id());
  third.set_corrects_knock_id(first.knock_id());
  fourth.set_corrects_knock_id(third.knock_id());
  field_.Send({second});
  ASSERT_TRUE(Fold());
  EXPECT_EQ(RollUp().top().branch().doors(), 1);
  EXPECT_EQ(RollUp().top().branch().contacts(), 0);
  EXPECT_EQ(RollUp().top().branch().volunteers_recruited(), 0);
  field_.Send({third, fourth});
  ASSERT_TRUE(Fold());
  EXPECT_EQ(RollUp().top().branch().doors(), 2);
  EXPECT_EQ(field_.Count(kDiffering), 0);
}

TEST_F(RollUpsTest, AWithdrawnKnockDidNotHappen) {
  const canvass::v1::Knock knock = Talk(0, "1");
  field_.Send({knock, field_.Knock(1)});
  ASSERT_TRUE(Fold());
  field_.Execute(absl::StrCat(
      "insert into knock (campaign_id, knock_id, content_hash, door_id, walk_list_id, member_id, result, "
      "corrects_knock_id, phone_time, knock_time) select campaign_id, gen_random_uuid(), content_hash, door_id, "
      "walk_list_id, member_id, 0, knock_id, phone_time, knock_time from knock where knock_id = '",
      knock.knock_id(), "'"));
  field_.Execute(
      "with n as (update change_counter set last_change = last_change + 1 returning campaign_id, last_change) "
      "insert into change (campaign_id, change_number, kind, walk_list_id, door_id, knock_id) select "
      "k.campaign_id, n.last_change, 'knock', k.walk_list_id, k.door_id, k.knock_id from knock k join n using "
      "(campaign_id) where k.result = 0");
  ASSERT_TRUE(Fold());
  EXPECT_EQ(RollUp().top().branch().doors(), 1);
  EXPECT_EQ(RollUp().top().branch().contacts(), 0);
  EXPECT_EQ(field_.Count(kDiffering), 0);
}

TEST_F(RollUpsTest, WhatCameBeforeTheFirstFoldIsCountedThoughItsChangesAreGone) {
  field_.Send({Talk(0, "1"), field_.Knock(1)});
  field_.Execute("delete from change");
  ASSERT_TRUE(Fold());
  field_.Send({field_.Knock(2)});
  ASSERT_TRUE(Fold());
  EXPECT_EQ(RollUp().top().branch().doors(), 3);
  EXPECT_EQ(field_.Count(kDiffering), 0);
}

TEST_F(RollUpsTest, OverdueWorkIsCountedWhileItIsOverdue) {
  field_.Send({Talk(0, "1")});
  field_.Execute("update follow_up set due_time = now() - interval '1 hour'");
  ASSERT_TRUE(Fold());
  EXPECT_EQ(RollUp().top().branch().follow_ups_overdue(), 1);
  EXPECT_EQ(RollUp(field_.leader).top().own().follow_ups_overdue(), 1);
  EXPECT_FALSE(Fold());
  field_.Execute("update follow_up set state = 'done', complete_time = now(), completed_by = owner_id");
  ASSERT_TRUE(Fold(absl::Now() + kOverdueEvery));
  EXPECT_EQ(RollUp().top().branch().follow_ups_overdue(), 0);
  EXPECT_EQ(field_.Count(kDiffering), 0);
}

TEST_F(RollUpsTest, LeadersSeeTheirOwnBranch) {
  v1::GetRollUpRequest request;
  v1::GetRollUpResponse response;
  ASSERT_TRUE(stub_->GetRollUp(As(field_.leader_token).get(), request, &response).ok());
  EXPECT_EQ(response.top().member_id(), field_.leader.value);
  request.set_member_id(field_.other_leader.value);
  EXPECT_EQ(tests::ReasonOf(stub_->GetRollUp(As(field_.leader_token).get(), request, &response)), "NOT_YOUR_BRANCH");
  request.set_member_id(4242);
  EXPECT_EQ(tests::FieldOf(stub_->GetRollUp(As().get(), request, &response)), "member_id");
}

TEST_F(RollUpsTest, AServerFoldsByItself) {
  field_.Send({Talk(0, "1")});
  const OrganizingWork one(&field_.database.pool(), base::Clock::System(), absl::Milliseconds(20));
  const OrganizingWork other(&field_.database.pool(), base::Clock::System(), absl::Milliseconds(20));
  for (int i = 0; i < 500 && RollUp().top().branch().doors() == 0; ++i) absl::SleepFor(absl::Milliseconds(20));
  EXPECT_EQ(RollUp().top().branch().doors(), 1);
}

TEST_F(RollUpsTest, EqualTheRecursiveCountAfterKnocksAndChangesOfTheTreeAtOnce) {
  const auto seed = std::random_device()();
  SCOPED_TRACE(testing::Message() << "seed " << seed);
  std::mt19937 random(seed);
  std::vector<int64_t> members = {field_.leader.value, field_.other_leader.value, field_.canvasser.value,
                                  field_.other_canvasser.value};
  const auto join = [&](int64_t leader) {
    v1::CreateMemberRequest request;
    request.set_request_id(base::Uuid::Random().ToString());
    request.set_display_name("Someone");
    request.set_role(access::v1::ROLE_LEADER);
    request.set_leader_id(leader);
    v1::CreateMemberResponse response;
    return stub_->CreateMember(As().get(), request, &response).ok() ? response.member().member_id() : 0;
  };
  std::vector<std::string> phones;
  const size_t first_without_phone = members.size() + 6;  // whose phones go on when others leave
  for (int i = 0; i < 14; ++i) {
    const int64_t member = join(i < 6 ? members[i % 2] : members[2 + random() % (members.size() - 2)]);
    if (member == 0) continue;
    members.push_back(member);
    if (i >= 6) continue;
    phones.push_back(field_.MakePhone(base::MemberId(member)));
    field_.CheckOut(phones.back(), 1 + i % 2);
  }
  std::atomic<bool> over{false};
  std::vector<std::thread> threads;
  for (size_t p = 0; p < phones.size(); ++p) {
    threads.emplace_back([&, p, thread_seed = random()] {
      std::mt19937 choice(thread_seed);
      std::vector<canvass::v1::Knock> sent;
      for (int i = 0; i < 12; ++i) {
        std::vector<canvass::v1::Knock> batch;
        for (int k = 0; k < 3; ++k) {
          const int door = p % 2 == 0 ? static_cast<int>(choice() % 6) : 6 + static_cast<int>(choice() % 3);
          canvass::v1::Knock knock = choice() % 2 == 0
                                         ? Talk(door, std::string(1, static_cast<char>('1' + choice() % 5)))
                                         : field_.Knock(door);
          if (!sent.empty() && choice() % 3 == 0) {
            const auto& corrected = sent[choice() % sent.size()];
            if (corrected.door_id() == knock.door_id()) knock.set_corrects_knock_id(corrected.knock_id());
          }
          batch.push_back(knock);
        }
        field_.Send(batch, phones[p]);
        sent.insert(sent.end(), batch.begin(), batch.end());
      }
    });
  }
  std::atomic<int> changed{0};
  for (int t = 0; t < 3; ++t) {
    threads.emplace_back([&, thread_seed = random()] {
      std::mt19937 choice(thread_seed);
      for (int i = 0; i < 25; ++i) {
        const int64_t who = members[choice() % members.size()], other = members[choice() % members.size()];
        grpc::Status status;
        if (choice() % 3 == 0) {
          v1::StepDownRequest request;
          request.set_member_id(who);
          v1::StepDownResponse response;
          status = stub_->StepDown(As().get(), request, &response);
        } else if (choice() % 8 == 0 && members.size() > first_without_phone) {
          v1::RemoveMemberRequest request;
          request.set_member_id(members[first_without_phone + choice() % (members.size() - first_without_phone)]);
          v1::RemoveMemberResponse response;
          status = stub_->RemoveMember(As().get(), request, &response);
        } else {
          v1::MoveMemberRequest request;
          request.set_member_id(who);
          request.set_new_leader_id(other);
          request.set_without_people(choice() % 2 == 0);
          v1::MoveMemberResponse response;
          status = stub_->MoveMember(As().get(), request, &response);
        }
        if (status.ok()) ++changed;
      }
    });
  }
  std::thread folding([&] {
    while (!over) Fold(absl::Now() + kOverdueEvery);
  });
  for (std::thread& thread : threads) thread.join();
  over = true;
  folding.join();
  EXPECT_GT(changed, 5);
  Fold(absl::Now() + 2 * kOverdueEvery);
  EXPECT_GT(field_.Count("select sum(doors)::bigint from member_tally"), 50);
  EXPECT_EQ(field_.Count(kDiffering), 0);
}

}  // namespace
}  // namespace snowfield::organizing
