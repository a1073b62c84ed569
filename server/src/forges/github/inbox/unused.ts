/** Why the service does nothing on an event that GitHub can send: the end of a sentence that names the event. */
const WHY: Readonly<Record<string, string>> = {
  create: 'new branches and tags are told of by pushes and releases',
  delete: 'branches that are gone are told of by pushes',
  status: 'it is about the work of another service',
  workflow_run: 'it is about the work of another service',
  workflow_job: 'it is about the work of another service',
  workflow_dispatch: 'it is about the work of another service',
  deployment: 'it is about the work of another service',
  deployment_status: 'it is about the work of another service',
  public: 'it is told of by the event "repository" as well',
  organization: 'accounts with a new name are told of by the event "installation_target"',
  issues: 'commands are taken from comments, which are events of their own',
  pull_request_review: 'commands are taken from comments in the conversation of a pull request',
  pull_request_review_comment: 'commands are taken from comments in the conversation of a pull request',
  pull_request_review_thread: 'commands are taken from comments in the conversation of a pull request',
  discussion: 'nothing is built for discussions',
  discussion_comment: 'nothing is built for discussions',
}

export function unusedEvent(event: string): string {
  const why = Object.hasOwn(WHY, event) ? `: ${WHY[event]}` : ''
  return `the service does not use the event ${JSON.stringify(event)}${why}`
}
