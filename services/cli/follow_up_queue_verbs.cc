#include "services/cli/follow_up_queue_verbs.h"

#include <cstdio>
#include <memory>
#include <string>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/time/clock.h"
#include "base/status.h"
#include "services/cli/call.h"
#include "services/cli/output.h"
#include "services/cli/verb.h"
#include "services/rpc/timestamp.h"
#include "snowfield/followup/v1/followup.grpc.pb.h"

namespace snowfield::cli {
namespace {
namespace pb = followup::v1;
using pb::FollowUpService;

constexpr int64_t kEveryone = -1;

struct QueueOrder {
  int64_t owner_id = 0;
  bool all = false;
  std::string queue;
  int count = 1;
  int lease_for_s = 0;
  int wait_s = 0;
  int64_t follow_up_id = 0;
  int64_t fence = 0;
  double hours = 0;
  int64_t to_member_id = 0;
  std::string reason;
};

absl::Status Claim(const Session& session, const QueueOrder& order) {
  pb::ClaimFollowUpsRequest request;
  request.set_queue(order.queue);
  request.set_owner_id(order.all ? kEveryone : order.owner_id);
  request.set_count(order.count);
  request.set_lease_for_s(order.lease_for_s);
  request.set_wait_s(order.wait_s);
  SNOWFIELD_ASSIGN_OR_RETURN(const pb::ClaimFollowUpsResponse response,
                             CallOnce(session, request, &FollowUpService::Stub::ClaimFollowUps));
  if (session.json) {
    PrintJson(response);
    return absl::OkStatus();
  }
  Table table({"id", "fence", "until", "due", "queue", "whom", "phone", "address", "rule"});
  for (const pb::Lease& lease : response.leases()) {
    const pb::FollowUp& item = lease.follow_up();
    table.AddRow({absl::StrCat(item.follow_up_id()), absl::StrCat(lease.fence()), DayAndTime(item.lease_expire_time()),
                  DayAndTime(item.due_time()), item.queue(),
                  item.person_name().empty() ? "household" : item.person_name(), item.phone_number(), item.address(),
                  item.rule_name()});
  }
  table.Print();
  if (response.has_quiet_until_time()) {
    std::printf("it is a quiet hour: nobody is called before %s\n", DayAndTime(response.quiet_until_time()).c_str());
    return absl::OkStatus();
  }
  std::puts(response.leases().empty() ? "nothing to do" : "say what came of each: snowfield follow-up complete");
  return absl::OkStatus();
}

template <typename Request>
Request LeaseRequest(const QueueOrder& order) {
  Request request;
  request.add_leases()->set_follow_up_id(order.follow_up_id);
  request.mutable_leases(0)->set_fence(order.fence);
  return request;
}

template <typename Response>
absl::Status TellLease(const Session& session, const Response& response, const char* done) {
  if (session.json) {
    PrintJson(response);
  } else {
    std::puts(response.lost_ids().empty() ? done : "the lease was over: someone else may have it");
  }
  return absl::OkStatus();
}

absl::Status Renew(const Session& session, const QueueOrder& order) {
  auto request = LeaseRequest<pb::RenewLeasesRequest>(order);
  request.set_lease_for_s(order.lease_for_s);
  SNOWFIELD_ASSIGN_OR_RETURN(const pb::RenewLeasesResponse response,
                             CallOnce(session, request, &FollowUpService::Stub::RenewLeases));
  return TellLease(session, response, "renewed");
}

absl::Status Release(const Session& session, const QueueOrder& order) {
  SNOWFIELD_ASSIGN_OR_RETURN(
      const pb::ReleaseLeasesResponse response,
      CallOnce(session, LeaseRequest<pb::ReleaseLeasesRequest>(order), &FollowUpService::Stub::ReleaseLeases));
  return TellLease(session, response, "given back");
}

template <typename Response>
absl::Status TellItem(const Session& session, const absl::StatusOr<Response>& response, const char* what) {
  SNOWFIELD_RETURN_IF_ERROR(response.status());
  if (session.json) {
    PrintJson(*response);
  } else {
    std::printf("follow-up %lld %s\n", static_cast<long long>(response->follow_up().follow_up_id()), what);
  }
  return absl::OkStatus();
}

absl::Status Snooze(const Session& session, const QueueOrder& order) {
  pb::SnoozeFollowUpRequest request;
  request.set_follow_up_id(order.follow_up_id);
  request.set_fence(order.fence);
  *request.mutable_until_time() = rpc::ToTimestamp(absl::Now() + absl::Hours(order.hours));
  request.set_reason(order.reason);
  return TellItem(session, CallOnce(session, request, &FollowUpService::Stub::SnoozeFollowUp), "is put off");
}

absl::Status Reassign(const Session& session, const QueueOrder& order) {
  pb::ReassignFollowUpRequest request;
  request.set_follow_up_id(order.follow_up_id);
  request.set_to_member_id(order.to_member_id);
  request.set_reason(order.reason);
  return TellItem(session, CallOnce(session, request, &FollowUpService::Stub::ReassignFollowUp), "has a new owner");
}

absl::Status GiveUp(const Session& session, const QueueOrder& order) {
  pb::GiveUpFollowUpRequest request;
  request.set_follow_up_id(order.follow_up_id);
  request.set_fence(order.fence);
  request.set_reason(order.reason);
  return TellItem(session, CallOnce(session, request, &FollowUpService::Stub::GiveUpFollowUp), "is given up");
}

absl::Status Reopen(const Session& session, const QueueOrder& order) {
  pb::ReopenFollowUpRequest request;
  request.set_follow_up_id(order.follow_up_id);
  request.set_reason(order.reason);
  return TellItem(session, CallOnce(session, request, &FollowUpService::Stub::ReopenFollowUp), "is open again");
}

std::string MemberOrNobody(int64_t member_id) { return member_id == 0 ? "" : absl::StrCat(member_id); }

absl::Status History(const Session& session, const QueueOrder& order) {
  pb::ListFollowUpEventsRequest request;
  request.set_follow_up_id(order.follow_up_id);
  Table table({"time", "what", "by", "from", "to", "detail"});
  do {
    SNOWFIELD_ASSIGN_OR_RETURN(const pb::ListFollowUpEventsResponse response,
                               CallOnce(session, request, &FollowUpService::Stub::ListFollowUpEvents));
    if (session.json) PrintJson(response);
    for (const pb::FollowUpEvent& event : response.events()) {
      table.AddRow({DayAndTime(event.time()), WordOf(pb::FollowUpEventKind_Name(event.kind()), "FOLLOW_UP_EVENT_KIND_"),
                    MemberOrNobody(event.member_id()), MemberOrNobody(event.from_member_id()),
                    MemberOrNobody(event.to_member_id()), event.detail()});
    }
    request.set_page_token(response.next_page_token());
  } while (!request.page_token().empty());
  if (!session.json) table.Print();
  return absl::OkStatus();
}

}  // namespace

void AddFollowUpQueueVerbs(CLI::App& follow_up, Session& session) {
  const auto order = std::make_shared<QueueOrder>();
  const auto add = [&](const char* name, const char* help, absl::Status (*work)(const Session&, const QueueOrder&)) {
    return AddVerb(follow_up, session, order, name, help, work);
  };
  CLI::App* claim = add("claim", "Take the most due work that nobody is at", Claim);
  claim->footer("Example:\n  snowfield follow-up claim --all --queue volunteer --count 10 --wait 50");
  claim->add_option("--queue", order->queue, "Only this queue");
  claim->add_option("--owner", order->owner_id, "Whose (you)");
  claim->add_flag("--all", order->all, "Everyone's whom you may see");
  claim->add_option("--count", order->count, "At most so many")->capture_default_str();
  claim->add_option("--seconds", order->lease_for_s, "How long they are yours (600)");
  claim->add_option("--wait", order->wait_s, "Seconds to wait for work (0)");

  CLI::App* renew = add("renew", "Keep what you claimed for longer", Renew);
  renew->add_option("--seconds", order->lease_for_s, "From now (600)");
  CLI::App* release = add("release", "Give back what you claimed, untried", Release);
  CLI::App* snooze = add("snooze", "Put one off", Snooze);
  snooze->footer("Example:\n  snowfield follow-up snooze --id 41 --hours 20 --reason \"asked to be called tomorrow\"");
  snooze->add_option("--hours", order->hours, "For how long")->required();
  CLI::App* reassign = add("reassign", "Give one to someone else below you", Reassign);
  reassign->footer("Example:\n  snowfield follow-up reassign --id 41 --to 9");
  reassign->add_option("--to", order->to_member_id, "The member")->required();
  CLI::App* give_up = add("give-up", "Take one out of the queue, with a reason", GiveUp);
  CLI::App* reopen = add("reopen", "Put back one that was given up", Reopen);
  CLI::App* history = add("history", "All that happened to one", History);
  for (CLI::App* verb : {renew, release, snooze, reassign, give_up, reopen, history}) {
    verb->add_option("--id", order->follow_up_id, "Which follow-up")->required();
  }
  for (CLI::App* verb : {renew, release}) {
    verb->add_option("--fence", order->fence, "Of your lease, as claim printed it")->required();
  }
  for (CLI::App* verb : {snooze, give_up}) {
    verb->add_option("--fence", order->fence, "Of your lease, where you have one");
  }
  for (CLI::App* verb : {snooze, reassign, reopen}) verb->add_option("--reason", order->reason, "Why; no names");
  give_up->add_option("--reason", order->reason, "Why; no names")->required();
}

}  // namespace snowfield::cli
